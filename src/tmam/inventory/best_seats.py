"""Choosing seats for people who do not want to choose: together, in front, in the middle. Pure.

Sets of seats are numbers with a bit per seat in plan order, see `seat_plans`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tmam.inventory.seat_plans import Plan


@dataclass(frozen=True)
class SeatWish:
    """How many seats of a price category, in a section if one is named, `accessible` of them wheelchair places.

    `avoids_singles`: whether leaving one free seat alone between taken ones is to be avoided.
    """

    pool: int
    quantity: int
    section: int | None = None
    accessible: int = 0
    avoids_singles: bool = True


def best_seats(plan: Plan, wish: SeatWish, taken: int, preferred: int = -1) -> list[int]:
    """The numbers of the best free seats, side by side when that is possible.

    Together beats everything; then no single seat is left alone; then seats that are `preferred` (a trip's seats
    that are in use just before and after the stretch); then the front row; then the middle of the row. When no row
    has enough neighbours, the largest groups in the best rows are taken. Wheelchair places are kept for those who
    ask for them (then their companions sit next to them) and are given to others only when nothing else is left.

    Returns fewer numbers than wished only if there are no more free seats.
    """
    free = _free(plan, wish, taken)
    if wish.accessible:
        return _accessible_seats(plan, wish, free)
    chosen: list[int] = []
    for remaining in (free & ~plan.accessible, free & plan.accessible):
        while remaining and len(chosen) < wish.quantity:
            first, size = _best_group(plan, wish, remaining, wish.quantity - len(chosen), preferred)
            chosen += plan.numbers(first, size)
            remaining &= ~(((1 << size) - 1) << first)  # noqa: PLW2901 -- used up as seats are chosen
    return chosen


def nearest_seats(plan: Plan, wish: SeatWish, taken: int, wanted: Sequence[int]) -> list[int]:
    """Free neighbours closest to the seats that were wanted, as many; empty when no row has so many together."""
    free = _free(plan, wish, taken) & ~plan.accessible
    starts = _starts(plan, free, wish.quantity)
    if not starts:
        return []
    target = min(plan.place_of[number] for number in wanted)
    return plan.numbers(_nearest(starts, target), wish.quantity)


def seats_left_alone(plan: Plan, wish: SeatWish, taken: int, seats: Sequence[int]) -> list[int]:
    """The free seats that taking these would leave alone between taken ones or aisles, and that are not so now."""
    free = _free(plan, wish, taken)
    after = free
    for number in seats:
        after &= ~(1 << plan.place_of[number])
    alone = _singles(plan, after) & ~_singles(plan, free)
    return [plan.seats[place].number for place in _places(alone)]


def _free(plan: Plan, wish: SeatWish, taken: int) -> int:
    seats = plan.pool(wish.pool)
    if wish.section is not None:
        seats &= plan.section(wish.section)
    return seats & ~taken


def _starts(plan: Plan, free: int, size: int) -> int:
    """Where a group of `size` free neighbours may begin."""
    starts = free
    for step in range(1, size):
        starts &= (free >> step) & (plan.joined >> (step - 1))
    return starts


def _singles(plan: Plan, free: int) -> int:
    """Free seats with no free neighbour on either side."""
    pairs = _starts(plan, free, 2)
    return free & ~pairs & ~(pairs << 1)


def _best_group(plan: Plan, wish: SeatWish, free: int, most: int, preferred: int) -> tuple[int, int]:
    """Where the best group begins and how large it is: `most` if possible, else the largest there is."""
    size, starts = most, _starts(plan, free, most)
    while not starts:
        size -= 1
        starts = _starts(plan, free, size)
    if wish.avoids_singles:
        starts = _without_singles(plan, free, starts, size)
    return _in_front(plan, starts & preferred or starts, size), size


def _without_singles(plan: Plan, free: int, starts: int, size: int) -> int:
    """Those starts that leave the fewest single seats: none if possible, else one, else two."""
    has_left = (free & plan.joined) << 1  # bit n: the seat to the left of place n is a free neighbour
    has_right = (free >> 1) & plan.joined
    leaves_left = has_left & ~(has_left << 1)
    leaves_right = (has_right >> (size - 1)) & ~(has_right >> size)
    return starts & ~leaves_left & ~leaves_right or starts & ~(leaves_left & leaves_right) or starts


def _in_front(plan: Plan, starts: int, size: int) -> int:
    """The start nearest to the middle of the first row that has one."""
    row = plan.rows[plan.row_of[_lowest(starts)]]
    in_row = starts >> row.first & ((1 << (row.last - row.first + 1)) - 1)

    def off_middle(place: int) -> int:
        first, last = plan.seats[place], plan.seats[place + size - 1]
        return abs(first.position + last.position - row.double_middle)

    return min((row.first + offset for offset in _places(in_row)), key=off_middle)


def _accessible_seats(plan: Plan, wish: SeatWish, free: int) -> list[int]:
    """Wheelchair places with the companions beside them; failing that, as near as can be."""
    wheelchair = free & plan.accessible
    if wheelchair.bit_count() < wish.accessible:
        return []
    best: tuple[tuple[int, int], int] | None = None
    for place in _places(_starts(plan, free, wish.quantity)):
        places = (wheelchair >> place & ((1 << wish.quantity) - 1)).bit_count()
        if places >= wish.accessible:
            # Using more wheelchair places than were asked for keeps them from others.
            cost = places, plan.row_of[place]
            if best is None or cost < best[0]:
                best = cost, place
    if best is not None:
        return plan.numbers(best[1], wish.quantity)
    chosen = list(_places(wheelchair))[: wish.accessible]
    others = free & ~plan.accessible
    while len(chosen) < wish.quantity and others:
        near = _nearest(others, chosen[0])
        chosen.append(near)
        others &= ~(1 << near)
    return [plan.seats[place].number for place in chosen]


def _nearest(places: int, target: int) -> int:
    """The set bit closest to a place."""
    above, below = places >> target, places & ((1 << target) - 1)
    up = target + _lowest(above) if above else None
    down = below.bit_length() - 1 if below else None
    if up is None or (down is not None and target - down < up - target):
        if down is None:
            raise ValueError("no seat is free")
        return down
    return up


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _places(bits: int) -> Iterator[int]:
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
