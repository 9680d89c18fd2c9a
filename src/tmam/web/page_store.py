"""Pages kept for a moment in this process: bounded by number and by bytes, each made once however many ask. Pure."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]
Key = tuple[str, ...]
ENTRY_OVERHEAD_BYTES = 1_000  # key, headers and the dictionary's own


@dataclass(frozen=True)
class KeptPage:
    """An answer as kept: `headers` without those that belong to one request. `kept_at` and `until` are seconds of the store's clock."""

    headers: Headers
    body: bytes
    etag: str
    route: str
    kept_at: float
    until: float

    @property
    def size_bytes(self) -> int:
        """What it takes, roughly."""
        return len(self.body) + ENTRY_OVERHEAD_BYTES


@dataclass
class Flight:
    """One page being made: whoever else asks for it waits until it `landed`. `page` stays None if it cannot be kept."""

    landed: threading.Event = field(default_factory=threading.Event)
    page: KeptPage | None = None


class PageStore:
    """Kept pages by key. Safe for threads. What was used longest ago goes first when there are too many, or when its time is over."""

    def __init__(self, *, pages_max: int, bytes_max: int, clock: Callable[[], float]) -> None:
        self.pages_max = pages_max
        self.bytes_max = bytes_max
        self.clock = clock
        self.size_bytes = 0
        self._lock = threading.Lock()
        self._pages: OrderedDict[Key, KeptPage] = OrderedDict()
        self._flights: dict[Key, Flight] = {}

    def __len__(self) -> int:
        return len(self._pages)

    def find(self, key: Key) -> KeptPage | Flight | None:
        """A fresh page, or the flight of one that somebody is making; None: the caller must make it and `land`."""
        now = self.clock()
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                if page.until > now:
                    self._pages.move_to_end(key)
                    return page
                self._drop(key)
            flight = self._flights.get(key)
            if flight is None:
                self._flights[key] = Flight()
            return flight

    def land(self, key: Key, page: KeptPage | None) -> None:
        """End a flight: keep its page, or nothing, and wake everybody who waits for it."""
        with self._lock:
            flight = self._flights.pop(key)
            flight.page = page
            if page is not None and page.size_bytes <= self.bytes_max:
                self._keep(key, page)
        flight.landed.set()

    def _keep(self, key: Key, page: KeptPage) -> None:
        self._drop(key)
        self._pages[key] = page
        self.size_bytes += page.size_bytes
        now = self.clock()
        while self._is_too_much() or next(iter(self._pages.values())).until <= now:
            self._drop(next(iter(self._pages)))  # never the new one: it is fresh, last, and small enough

    def _is_too_much(self) -> bool:
        return len(self._pages) > self.pages_max or self.size_bytes > self.bytes_max

    def _drop(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self.size_bytes -= page.size_bytes
