"""How far a long import is: one line on a terminal's error stream, with the rate and the time left."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TextIO

EVERY_S = 0.5
LOG_EVERY_S = 10.0


class Progress:
    """Writes a line of progress every half second on a terminal, each in place of the one before, else every ten."""

    def __init__(self, stream: TextIO | None, clock: Callable[[], float] = monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._every_s = EVERY_S if stream is not None and stream.isatty() else LOG_EVERY_S
        self._what = ""
        self._total: int | None = None
        self._done = 0
        self._started = self._told = clock()

    def start(self, what: str, total: int | None = None) -> None:
        """Begin to count something (`trips imported`), of so many in all if that is known."""
        self._what, self._total, self._done = what, total, 0
        self._started = self._told = self._clock()

    def step(self, count: int = 1) -> None:
        """So many more are done."""
        self._done += count
        now = self._clock()
        if now - self._told >= self._every_s:
            self._told = now
            self._write(self._words(now), is_last=False)

    def finish(self) -> None:
        """Tell the outcome."""
        self._write(self._words(self._clock()), is_last=True)

    def _words(self, now: float) -> str:
        seconds = max(now - self._started, 1e-6)
        rate = self._done / seconds
        words = f"{self._done:,} {self._what}, {rate:,.0f} a second"
        if self._total is None:
            return words
        left_s = (self._total - self._done) / rate if rate else 0.0
        share = f"{min(self._done / self._total, 1):.0%} of {self._total:,}" if self._total else ""
        return f"{words}, {share}" + (f", about {left_s:,.0f} s left" if self._done < self._total else "")

    def _write(self, words: str, *, is_last: bool) -> None:
        if self._stream is None:
            return
        if self._stream.isatty():
            self._stream.write(f"\r\x1b[K{words}" + ("\n" if is_last else ""))
        else:
            self._stream.write(f"{words}\n")
        self._stream.flush()
