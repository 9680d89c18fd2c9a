"""Put the pools of an event on sale."""

from __future__ import annotations

from collections.abc import Sequence

from tmam.inventory.counter_keys import pool_counter_id
from tmam.platform.statements import Verb, statement


def open_counters(event_id: int, pools: Sequence[tuple[int, int, int]]) -> Verb[None]:
    """Open (or resize) pools of dates that are no trips, each `(date_ordinal, pool, capacity)`.

    Locks the counters it changes. The database refuses a capacity below what is already held and sold.
    """
    yield from open_segment_counters(event_id, [(date, 0, pool, capacity) for date, pool, capacity in pools])


def open_segment_counters(event_id: int, pools: Sequence[tuple[int, int, int, int]]) -> Verb[None]:
    """Open (or resize) pools, each `(date_ordinal, segment, pool, capacity)`: a trip has one per segment."""
    ordered = sorted(pools)
    yield (
        statement("tmam.inventory", "open_counters"),
        (
            event_id,
            [pool_counter_id(date, segment, pool) for date, segment, pool, _ in ordered],
            [date for date, _, _, _ in ordered],
            [segment for _, segment, _, _ in ordered],
            [pool for _, _, pool, _ in ordered],
            [capacity for _, _, _, capacity in ordered],
        ),
    )
