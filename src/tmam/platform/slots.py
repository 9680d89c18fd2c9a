"""Dear work in bounds: so many at once in this process, so many waiting, the rest told to come back. Pure."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tmam.platform.errors import BusyError

LONGEST_WAIT_S: Final = 2.0
RETRY_AFTER_S: Final = 3


class Slots:
    """So many at once, so many waiting, the rest refused."""

    def __init__(
        self,
        slots: int,
        most_waiting: int,
        longest_wait_s: float = LONGEST_WAIT_S,
        retry_after_s: int = RETRY_AFTER_S,
    ) -> None:
        self._free = threading.BoundedSemaphore(slots)
        self._places = threading.BoundedSemaphore(slots + most_waiting)
        self._longest_wait_s = longest_wait_s
        self._retry_after_s = retry_after_s

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a slot for the length of the block.

        Raises:
            BusyError: too many wait already, or it took too long.
        """
        if not self._places.acquire(blocking=False):
            raise BusyError(retry_after_s=self._retry_after_s)
        try:
            if not self._free.acquire(timeout=self._longest_wait_s):
                raise BusyError(retry_after_s=self._retry_after_s)
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._places.release()
