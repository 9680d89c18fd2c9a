"""How often a network may ask, or something be asked for: counted in this process's memory for each minute."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from tmam.platform.errors import TooManyRequestsError

MINUTE_S: Final = 60
# One entry is about 150 bytes; subjects beyond share one count, so the memory is bounded at some 8 MB.
MOST_SUBJECTS: Final = 50_000
_OTHERS: Final = "others"


class MinuteLimit:
    """At most `most` requests a minute of one subject, a network or an order.

    A mobile operator's many phones share one network address.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.time) -> None:
        self.most = most
        self._clock = clock
        self._minute = 0
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def count(self, subject: str) -> None:
        """Count one request.

        Raises:
            TooManyRequestsError: the subject has had its share of this minute.
        """
        now = self._clock()
        with self._lock:
            if self._minute != int(now // MINUTE_S):
                self._minute = int(now // MINUTE_S)
                self._counts.clear()
            known = subject in self._counts or len(self._counts) < MOST_SUBJECTS
            name = subject if known else _OTHERS
            self._counts[name] += 1
            is_over = self._counts[name] > self.most
        if is_over:
            raise TooManyRequestsError(retry_after_s=max(1, MINUTE_S - int(now % MINUTE_S)))

    def forget(self) -> None:
        """Start anew: for tests."""
        with self._lock:
            self._counts.clear()
