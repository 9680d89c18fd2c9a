from __future__ import annotations

import io
from collections.abc import Iterator

from tmam.timetables.progress import Progress


def test_rate_share_and_time_left() -> None:
    moments: Iterator[float] = iter([0.0, 0.0, 10.0, 12.0, 40.0])
    stream = io.StringIO()
    progress = Progress(stream, clock=lambda: next(moments))
    progress.start("trips imported", total=400)
    progress.step(100)
    progress.step(20)
    progress.finish()
    assert stream.getvalue().splitlines() == [
        "100 trips imported, 10 a second, 25% of 400, about 30 s left",
        "120 trips imported, 3 a second, 30% of 400, about 93 s left",
    ]
