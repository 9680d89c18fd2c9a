"""How often one client may ask: a leaky bucket per network, in this process's memory."""

from __future__ import annotations

import math
from collections.abc import Callable

from tmam.kernel.networks import network_of
from tmam.platform.errors import TooManyRequestsError

BURST_S = 4.0
ROUNDING_S = 1e-9
MOST_CLIENTS = 100_000


class ClientRates:
    """The generic cell rate algorithm (ITU-T I.371): one number per client, no timers.

    `per_second` 0 asks nothing of anybody. `clock` counts seconds and never goes back.
    """

    def __init__(self, per_second: int, clock: Callable[[], float]) -> None:
        self._interval_s = 1 / per_second if per_second else 0.0
        self._clock = clock
        self._due_at: dict[str, float] = {}

    def count(self, address: str) -> None:
        """Count one request of a client.

        Raises:
            TooManyRequestsError: it asks faster than it may; this request is not counted.
        """
        if not self._interval_s:
            return
        now = self._clock()
        client = network_of(address) or address
        due_at = max(self._due_at.get(client, now), now)
        wait_s = due_at + self._interval_s - now - BURST_S
        if wait_s > ROUNDING_S:
            raise TooManyRequestsError(retry_after_s=max(1, math.ceil(wait_s)))
        if len(self._due_at) >= MOST_CLIENTS:
            # Those whose bucket has run empty need no memory; if none has, everybody begins anew.
            self._due_at = {name: at for name, at in self._due_at.items() if at > now}
            if len(self._due_at) >= MOST_CLIENTS:
                self._due_at.clear()
        self._due_at[client] = due_at + self._interval_s
