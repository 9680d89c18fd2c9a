from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tmam.platform.heartbeat import SILENT_AFTER, beat, is_alive, signs_of_life

NOW = datetime(2026, 12, 5, 20, tzinfo=UTC)


@pytest.mark.django_db
def test_signs_of_life_are_written_over() -> None:
    assert not is_alive("w", NOW)
    beat({"w": NOW - timedelta(hours=1), "w.sweep": NOW})
    assert not is_alive("w", NOW)
    beat({"w": NOW})
    assert is_alive("w", NOW)
    assert not is_alive("w", NOW + SILENT_AFTER)
    assert signs_of_life() == {"w": NOW, "w.sweep": NOW}
