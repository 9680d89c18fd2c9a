"""Downloads written down together: under a surge, one statement a moment instead of one for each press.

What is noted is lost if the process dies within that moment, which costs a reminder too many at worst. Bounded: beyond
`NOTES_MAX` tickets whoever adds one writes them all first.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

import structlog

from tmam.fulfilment.record_downloads import record_downloads
from tmam.platform.statements import run_verb

WRITE_EVERY_S = 1.0
NOTES_MAX = 5_000
_log = structlog.get_logger()

Write = Callable[[int, Iterable[int], str, datetime], None]


def write_at_once(event_id: int, serials: Iterable[int], form: str, now: datetime) -> None:
    """One statement, on this thread's connection."""
    run_verb(record_downloads(event_id, serials, form, now))


class DownloadNotes:
    """Gathers for a moment, then writes on a thread of its own."""

    def __init__(self, write: Write = write_at_once, every_s: float = WRITE_EVERY_S) -> None:
        self._write, self._every_s = write, every_s
        self._changed = threading.Condition()
        self._notes: dict[tuple[int, str], dict[int, datetime]] = defaultdict(dict)
        self._count = 0
        self._writer: threading.Thread | None = None

    def add(self, event_id: int, serials: Iterable[int], form: str, now: datetime) -> None:
        """These tickets were fetched; known within a second."""
        with self._changed:
            was_empty = self._count == 0
            for serial in serials:
                self._count += serial not in self._notes[event_id, form]
                self._notes[event_id, form][serial] = now
            if self._writer is None:
                self._writer = threading.Thread(target=self._write_on, name="download-notes", daemon=True)
                self._writer.start()
            is_full = self._count >= NOTES_MAX
            if was_empty:
                self._changed.notify()
        if is_full:
            self.flush()

    def flush(self) -> None:
        """Write what there is."""
        with self._changed:
            notes, self._notes, self._count = self._notes, defaultdict(dict), 0
        for (event_id, form), serials in sorted(notes.items()):
            try:
                self._write(event_id, serials, form, max(serials.values()))
            except Exception:  # noqa: BLE001 - the next notes must be written whatever became of these
                _log.exception("fulfilment.downloads_not_noted", event_id=event_id, tickets=len(serials))

    def _write_on(self) -> None:
        pause = threading.Event()
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._count > 0)
            pause.wait(self._every_s)
            self.flush()


download_notes = DownloadNotes()
