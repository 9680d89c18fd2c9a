"""Files that anybody may ask for and that cost something to make: each made once at a time, the last one served meanwhile.

Not `page_store`: there whoever comes while a page is being made waits for it; here they get the file from before, so
that a long making holds one thread and not all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from tmam.platform.brief_cache import BriefCache
from tmam.platform.errors import BusyError
from tmam.platform.slots import Slots

# A list of 100,000 tickets is some kB, the longest there can be about 26 MB.
MOST_FILES: Final = 200
MOST_AT_ONCE: Final = 2
MOST_WAITING: Final = 6
WAIT_S: Final = 3.0


class KeptFiles:
    """Keeps a file for `fresh_s` seconds, and hands it out for `kept_s` while the next one is being made."""

    def __init__(self, fresh_s: float, kept_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._fresh_s, self._clock = fresh_s, clock
        self._known: BriefCache[str, tuple[float, bytes]] = BriefCache(kept_s, MOST_FILES, clock)
        self._lock = threading.Lock()
        self._flights: dict[str, Future[bytes]] = {}
        self._making = Slots(MOST_AT_ONCE, MOST_WAITING, WAIT_S)
        self._waiting = Slots(MOST_WAITING, 0)

    def get(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The file of this name; made now if nobody makes it yet and what is known is no longer fresh.

        Raises:
            BusyError: nothing is known, and it takes too long or too many files are being made.
            TmamError: whatever `make` raises, to everybody who waited for it.
        """
        known = self._known.get(name)
        if known is not None and self._clock() - known[0] < self._fresh_s:
            return known[1]
        ours: Future[bytes] = Future()
        with self._lock:
            flight = self._flights.setdefault(name, ours)
        if flight is ours:
            return self._made(name, make, ours, known)
        if known is not None:
            return known[1]
        with self._waiting.one():
            try:
                return flight.result(WAIT_S)
            except TimeoutError:
                raise BusyError(retry_after_s=1) from None

    def _made(
        self, name: str, make: Callable[[], bytes], flight: Future[bytes], known: tuple[float, bytes] | None
    ) -> bytes:
        try:
            at = self._clock()
            with self._making.one():
                content = make()
        except BaseException as error:
            self._land(name)
            flight.set_exception(error)
            if known is not None and isinstance(error, BusyError):
                return known[1]
            raise
        self._known.put(name, (at, content), at)
        self._land(name)
        flight.set_result(content)
        return content

    def _land(self, name: str) -> None:
        with self._lock:
            del self._flights[name]
