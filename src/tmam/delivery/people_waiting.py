"""Tell the other processes of this machine that people wait for files, so that warming makes room.

A lock on a file says it: shared by everybody who has people waiting. The system takes it back from a process that dies.
"""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO


class PeopleWaiting:
    """One process's view of it. Its owner holds a lock of its own while calling `note`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: IO[bytes] | None = None

    def note(self, *, is_waiting: bool) -> None:
        """People wait here, or no longer."""
        if is_waiting and self._held is None:
            file = self._open()
            fcntl.flock(file, fcntl.LOCK_SH)
            self._held = file
        elif not is_waiting and self._held is not None:
            self._held.close()  # and with it the lock
            self._held = None

    def elsewhere_or_here(self) -> bool:
        """Whether anybody says so."""
        if self._held is not None:
            return True
        with self._open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def _open(self) -> IO[bytes]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._path.open("ab")
