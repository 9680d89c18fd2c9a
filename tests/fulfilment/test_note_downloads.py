"""Many presses, few statements; none is forgotten while the process lives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from tests.waiting import wait_until
from tmam.fulfilment import note_downloads
from tmam.fulfilment.note_downloads import DownloadNotes

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


class Diary:
    def __init__(self) -> None:
        self.written: list[tuple[int, tuple[int, ...], str]] = []

    def write(self, event_id: int, serials: Iterable[int], form: str, now: datetime) -> None:
        assert now == NOW
        if form == "broken":
            raise OSError("the database is away")
        self.written.append((event_id, tuple(sorted(serials)), form))


def test_they_are_written_together_by_a_thread_of_their_own() -> None:
    diary = Diary()
    notes = DownloadNotes(diary.write, every_s=0.05)
    for serial in range(200):
        notes.add(7, [serial], "pdf", NOW)
    notes.add(8, [1, 2], "png", NOW)
    assert wait_until(lambda: len(diary.written) >= 2)
    assert {each[0] for each in diary.written} == {7, 8}
    assert sorted(serial for each in diary.written if each[0] == 7 for serial in each[1]) == list(range(200))
    assert len(diary.written) < 10


def test_a_failure_costs_its_own_notes_only() -> None:
    diary = Diary()
    notes = DownloadNotes(diary.write, every_s=3600)
    notes.add(7, [1], "broken", NOW)
    notes.add(8, [1], "pdf", NOW)
    notes.flush()
    assert diary.written == [(8, (1,), "pdf")]


def test_they_are_bounded() -> None:
    diary = Diary()
    notes = DownloadNotes(diary.write, every_s=3600)
    for serial in range(note_downloads.NOTES_MAX + 10):
        notes.add(7, [serial], "pdf", NOW)
    assert sum(len(each[1]) for each in diary.written) >= note_downloads.NOTES_MAX
    assert notes._count <= 10
