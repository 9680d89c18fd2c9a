"""Values that may be a moment old, and are looked at again, many at once, while people go on asking for them.

Nothing is given out that was not known to be right within `kept_s` seconds, exactly as with a `BriefCache`. What somebody
asks for again is found right once more *before* its time is over, in one question for hundreds, so that nobody
has to ask for it alone. What is asked for once costs no second look. If that comes late, fails or never runs, the value is too old and whoever wants it works it out.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final

import structlog

from tmam.platform.brief_cache import BriefCache, Entry, K, V

# Of `kept_s`: how old a value gets before it is looked at again, and how often somebody looks which are that old.
RENEWED_AFTER: Final = 0.6
LOOKS_EVERY: Final = 0.1
AT_A_TIME: Final = 500
_log = structlog.get_logger()


class RenewedCache(BriefCache[K, V]):
    """A `BriefCache` whose values, once asked for again within `asked_within_s`, are found right by `renew` meanwhile.

    `renew` says for each of some values, in their order, whether it still stands; it may raise anything, which costs
    the values.
    Nothing is renewed before `start`.
    """

    def __init__(
        self,
        kept_s: float,
        most: int,
        renew: Callable[[Sequence[V]], Sequence[bool]],
        *,
        asked_within_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(kept_s, most, clock)
        self._renew, self._asked_within_s = renew, asked_within_s
        self._filled = threading.Event()
        self._renewer: threading.Thread | None = None

    def start(self) -> None:
        """Renew on a thread of its own from now on; it sleeps while there is nothing to renew."""
        if self._renewer is None:
            self._renewer = threading.Thread(target=self._renew_on, name="renewed-cache", daemon=True)
            self._renewer.start()

    def put(self, key: K, value: V, at: float | None = None) -> None:
        """Keep a value that was right at `at` (the clock's time; now)."""
        super().put(key, value, at)
        if not self._filled.is_set():
            self._filled.set()

    def renew_due(self) -> None:
        """Have everything looked at that will soon be too old, and forget what nobody asks for any more."""
        due = iter(self._due())
        while some := list(islice(due, AT_A_TIME)):
            at = self._clock()
            standing = self._renew([entry.value for _, entry in some])
            if len(standing) != len(some):
                raise ValueError(f"{len(standing)} answers about {len(some)} values")
            with self._lock:
                for (key, entry), stands in zip(some, standing, strict=True):
                    if stands:
                        entry.right_at = at
                    elif self._known.get(key) is entry:
                        del self._known[key]

    def _due(self) -> list[tuple[K, Entry[V]]]:
        now = self._clock()
        with self._lock:
            forgotten = [
                key for key, entry in self._known.items() if now - entry.asked_at >= self._asked_within_s
            ]
            for key in forgotten:
                del self._known[key]
            old_enough = now - self._kept_s * RENEWED_AFTER
            return [
                (key, entry)
                for key, entry in self._known.items()
                if entry.is_asked_again and entry.right_at <= old_enough
            ]

    def _renew_on(self) -> None:
        pause = threading.Event()
        while True:
            self._filled.clear()
            if not self._known:
                self._filled.wait()
            pause.wait(self._kept_s * LOOKS_EVERY)
            try:
                self.renew_due()
            except Exception:  # noqa: BLE001 - what comes after must be renewed whatever became of these
                _log.exception("platform.renewal_failed")
                self.clear()
