"""Put the pools of an event on sale."""

from __future__ import annotations

from collections.abc import Sequence

from tmam.inventory.counter_keys import pool_counter_id
from tmam.platform.statements import Verb, statement


def open_counters(event_id: int, pools: Sequence[tuple[int, int, int]]) -> Verb[None]:
    """Open (or resize) pools, each `(date_ordinal, pool, capacity)`.

    Locks the counters it changes. The database refuses a capacity below what is already held and sold.
    """
    ordered = sorted(pools)
    yield (
        statement("tmam.inventory", "open_counters"),
        (
            event_id,
            [pool_counter_id(date, 0, pool) for date, pool, _ in ordered],
            [date for date, _, _ in ordered],
            [0] * len(ordered),
            [pool for _, pool, _ in ordered],
            [capacity for _, _, capacity in ordered],
        ),
    )
