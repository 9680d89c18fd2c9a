"""Values that may be a moment old, kept in this process by key; bounded, for all its threads."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_everyone: list[BriefCache[Hashable, object]] = []


class BriefCache(Generic[K, V]):
    """Remembers at most `most` values for `kept_s` seconds each. Two threads may both find one gone; each then works it out."""

    def __init__(self, kept_s: float, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept_s, self._most, self._clock = kept_s, most, clock
        self._lock = threading.Lock()
        self._known: OrderedDict[K, tuple[float, V]] = OrderedDict()
        _everyone.append(self)  # type: ignore[arg-type]  # only to be cleared

    def get(self, key: K) -> V | None:
        """The value, or None if it is too old or was never there."""
        with self._lock:
            found = self._known.get(key)
        return found[1] if found and self._clock() - found[0] < self._kept_s else None

    def get_or(self, key: K, make: Callable[[], V]) -> V:
        """The value, made now if need be. It is as old as the beginning of its making."""
        found = self.get(key)
        if found is not None:
            return found
        at = self._clock()
        made = make()
        self.put(key, made, at)
        return made

    def put(self, key: K, value: V, at: float | None = None) -> None:
        """Keep a value that was right at `at` (the clock's time; now)."""
        with self._lock:
            self._known[key] = (self._clock() if at is None else at, value)
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._known.clear()


def clear_brief_caches() -> None:
    """Forget everything that any of them keeps: for tests, which change the world faster than people do."""
    for cache in _everyone:
        cache.clear()
