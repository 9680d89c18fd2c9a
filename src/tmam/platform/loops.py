"""Background loops: one small piece of work each, done again and again until asked to stop.

A loop that fails says so, waits a little longer each time, and never stops the others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

log = structlog.get_logger("tmam.worker")

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 30.0


def utc_now() -> datetime:
    """The clock of the background work."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Loop:
    """`run_once` does what is due and returns how much that was; after nothing the loop rests for `idle_s`."""

    name: str
    run_once: Callable[[datetime], int]
    idle_s: float


class LoopRunner:
    """Runs loops in threads of their own."""

    def __init__(
        self,
        loops: Sequence[Loop],
        clock: Callable[[], datetime] = utc_now,
        *,
        first_wait_s: float = FIRST_WAIT_S,
    ) -> None:
        self._loops = list(loops)
        self._clock = clock
        self._first_wait_s = first_wait_s
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self.last_success: dict[str, datetime] = {}

    def add(self, loop: Loop) -> None:
        """One more loop; before `start`."""
        self._loops.append(loop)

    def start(self) -> None:
        """Start all loops."""
        for loop in self._loops:
            thread = threading.Thread(target=self._run, args=(loop,), name=loop.name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, patience_s: float) -> list[str]:
        """Let each loop finish what it is doing; returns the names of those that did not within the time."""
        self._stop.set()
        for thread in self._threads:
            thread.join(patience_s)
        return [thread.name for thread in self._threads if thread.is_alive()]

    def _run(self, loop: Loop) -> None:
        wait_s = self._first_wait_s
        while not self._stop.is_set():
            try:
                done = loop.run_once(self._clock())
            except Exception:
                log.exception("loop_failed", loop=loop.name, again_in_s=wait_s)
                _forget_connections()
                self._stop.wait(wait_s)
                wait_s = min(wait_s * 2, LONGEST_WAIT_S)
                continue
            wait_s = self._first_wait_s
            self.last_success[loop.name] = self._clock()
            if not done:
                self._stop.wait(loop.idle_s)
        _forget_connections()


def _forget_connections() -> None:
    """Close this thread's database connections; the next piece of work opens fresh ones."""
    from django.db import connections

    connections.close_all()
