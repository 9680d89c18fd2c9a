"""Pure decisions about what is on offer: is it for sale, and how much of it is left."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

FEW_LEFT_MIN = 10
FEW_LEFT_PARTS = 20


class SaleState(enum.StrEnum):
    """What a buyer can do about a date now. `FEW` and `PLENTY` can be bought."""

    CANCELLED = "cancelled"
    SOON = "soon"
    ENDED = "ended"
    SOLD_OUT = "sold_out"
    FEW = "few"
    PLENTY = "plenty"

    @property
    def is_open(self) -> bool:
        """Whether places can be bought now."""
        return self in {SaleState.FEW, SaleState.PLENTY}


@dataclass(frozen=True)
class SalesWindow:
    """When a date is for sale, and whether its event is (`status` of the event)."""

    status: str
    is_cancelled: bool
    sales_start_at: datetime
    sales_end_at: datetime


def sale_state(window: SalesWindow, capacity: int, left: int, now: datetime) -> SaleState:
    """What a buyer can do about a date with `left` of `capacity` places."""
    if window.status == "cancelled" or window.is_cancelled:
        return SaleState.CANCELLED
    if now >= window.sales_end_at:
        return SaleState.ENDED
    if window.status != "on_sale" or now < window.sales_start_at:
        return SaleState.SOON
    return level(capacity, left)


def level(capacity: int, left: int) -> SaleState:
    """Plenty, few or nothing left: few is 10 places, or a twentieth of the capacity if that is more."""
    if left <= 0:
        return SaleState.SOLD_OUT
    return SaleState.FEW if left <= max(FEW_LEFT_MIN, capacity // FEW_LEFT_PARTS) else SaleState.PLENTY


def type_places(pools: Iterable[int], places: Mapping[int, tuple[int, int]]) -> tuple[int, int]:
    """Capacity and free places of one ticket type: the scarcest of its pools (`places`: pool → capacity, free)."""
    drawn = [places.get(pool, (0, 0)) for pool in pools]
    if not drawn:
        return 0, 0
    return min(capacity for capacity, _ in drawn), max(0, min(free for _, free in drawn))


def date_places(
    pool_sets: Iterable[tuple[int, ...]], places: Mapping[int, tuple[int, int]]
) -> tuple[int, int]:
    """Capacity and free places of a whole date, given the pools each of its ticket types draws on.

    Types may share pools ("early bird" and "hall"), so numbers by type must not be added up: types are
    served in turn, those that draw on the fewest pools first, and each takes what the ones before left.
    """
    sets = sorted(set(pool_sets), key=lambda pools: (len(pools), pools))
    return (
        _served(sets, {pool: capacity for pool, (capacity, _) in places.items()}),
        _served(sets, {pool: free for pool, (_, free) in places.items()}),
    )


def _served(sets: list[tuple[int, ...]], left: dict[int, int]) -> int:
    total = 0
    for pools in sets:
        taken = max(0, min((left.get(pool, 0) for pool in pools), default=0))
        for pool in pools:
            left[pool] = left.get(pool, 0) - taken
        total += taken
    return total
