"""Values that may be a moment old, kept in this process by key; bounded, for all its threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_everyone: list[BriefCache[Hashable, object]] = []


class Entry(Generic[V]):
    """A value, the clock's times when it was last known to be right and when somebody last asked for it.

    `is_asked_again`: by somebody after the one who had it made.
    """

    __slots__ = ("asked_at", "is_asked_again", "right_at", "value")

    def __init__(self, value: V, right_at: float, asked_at: float, *, is_asked_again: bool) -> None:
        self.value, self.right_at, self.asked_at = value, right_at, asked_at
        self.is_asked_again = is_asked_again


class BriefCache(Generic[K, V]):
    """Remembers at most `most` values for `kept_s` seconds each. Two threads may both find one gone; each then works it out."""

    def __init__(self, kept_s: float, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept_s, self._most, self._clock = kept_s, most, clock
        self._lock = threading.Lock()
        # By when they were put, oldest first. Read without the lock: one look into a dict is one step of the interpreter's.
        self._known: dict[K, Entry[V]] = {}
        _everyone.append(self)  # type: ignore[arg-type]  # only to be cleared

    def get(self, key: K) -> V | None:
        """The value, or None if it is too old or was never there."""
        found = self._known.get(key)
        if found is None:
            return None
        found.asked_at = now = self._clock()
        found.is_asked_again = True
        return found.value if now - found.right_at < self._kept_s else None

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
        now = self._clock()
        with self._lock:
            before = self._known.pop(key, None)
            self._known[key] = Entry(value, now if at is None else at, now, is_asked_again=before is not None)
            while len(self._known) > self._most:
                del self._known[next(iter(self._known))]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._known.clear()


def clear_brief_caches() -> None:
    """Forget everything that any of them keeps: for tests, which change the world faster than people do."""
    for cache in _everyone:
        cache.clear()
