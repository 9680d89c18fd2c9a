"""Reads: how many places there are."""

from __future__ import annotations

from dataclasses import dataclass

from tmam.platform.statements import Verb, statement


@dataclass(frozen=True)
class Places:
    """One pool of one date as it stands."""

    capacity: int
    held: int
    sold: int

    @property
    def free(self) -> int:
        """Places that can be held this moment."""
        return self.capacity - self.held - self.sold


def places_by_pool(event_id: int) -> Verb[dict[tuple[int, int], Places]]:
    """Every pool of an event by `(date_ordinal, pool)`."""
    rows = yield statement("tmam.inventory", "places"), (event_id,)
    return {(date, pool): Places(capacity, held, sold) for date, pool, capacity, held, sold in rows}


def free_places(event_id: int) -> Verb[dict[tuple[int, int], tuple[int, int]]]:
    """`(capacity, free)` of every pool of an event by `(date_ordinal, pool)`."""
    places = yield from places_by_pool(event_id)
    return {key: (pool.capacity, pool.free) for key, pool in places.items()}
