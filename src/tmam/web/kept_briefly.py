"""One value that may be a moment old, kept in this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class KeptBriefly(Generic[T]):
    """Remembers a value for some seconds. Two threads may both find it gone; each then works it out."""

    def __init__(self, *, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self.clock = clock
        self._kept: tuple[float, T] | None = None

    def get(self) -> T | None:
        """The value, or None if it is too old or was never there."""
        kept = self._kept
        return kept[1] if kept is not None and kept[0] > self.clock() else None

    def put(self, value: T) -> T:
        """Keep a value from now on, and return it."""
        self._kept = (self.clock() + self.seconds, value)
        return value

    def forget(self) -> None:
        """Keep nothing: for tests, which change the world faster than people do."""
        self._kept = None
