"""Reads: how many places there are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tmam.inventory.seat_maps import SEATS_PER_CHUNK
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


def places_by_pool(
    event_id: int,
    dates: Collection[int] | None = None,
    from_stop: int | None = None,
    to_stop: int | None = None,
) -> Verb[dict[tuple[int, int], Places]]:
    """The pools of an event (of the dates named) by `(date_ordinal, pool)`.

    A trip's pool has the places of its tightest segment: of all segments, or of a stretch between two stops.
    """
    wanted = None if dates is None else sorted(dates)
    rows = yield statement("tmam.inventory", "places"), (event_id, wanted, from_stop, to_stop)
    return {
        (date, pool): Places(capacity, capacity - free - sold, sold)
        for date, pool, capacity, free, sold in rows
    }


def free_places(event_id: int) -> Verb[dict[tuple[int, int], tuple[int, int]]]:
    """`(capacity, free)` of every pool of an event by `(date_ordinal, pool)`."""
    places = yield from places_by_pool(event_id)
    return {key: (pool.capacity, pool.free) for key, pool in places.items()}


def taken_seats(event_id: int, date_ordinal: int, segments: range) -> Verb[bytes]:
    """The seats that are taken on any of these segments, as bits: bit n - 1 (from the first byte's lowest) is seat n."""
    rows = yield (
        statement("tmam.inventory", "read_seat_maps"),
        (event_id, date_ordinal, segments.start, segments.stop),
    )
    bits = 0
    for _, chunk, taken in rows:
        bits |= int.from_bytes(taken, "little") << (chunk * SEATS_PER_CHUNK)
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")
