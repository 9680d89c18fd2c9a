"""The best pair of seats in a hall that is 95 % sold, what is left lying about in twos and ones.

A client that got a pair gives it back in its next request, which is not counted, so the hall stays as full as it is.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime

from tmam.bench import seed
from tmam.bench.measure import Bench
from tmam.bench.results import Result, summarize
from tmam.bench.scenarios.buying import hold_body
from tmam.bench.seed import Hall
from tmam.bench.sell import sell
from tmam.catalog.models import Event
from tmam.inventory.draws import Wish

NAME = "seats"
QUANTITY = 2
FREE_PER_ROW = 2  # of 40: five in a hundred
PAIRS_SHARE = 0.6  # of the rows; in the others the two free seats are apart
PER_ORDER = 10


def run(bench: Bench) -> Result:
    """Holds of pairs over HTTP. No pgbench beside it: the program chooses the seats, which no SQL script can do."""
    hall = seed.SMALL_ARENA if bench.options.is_quick else seed.ARENA
    event = nearly_full(hall)
    facts = {"event": event.id, "bodies": [hold_body(event.id, QUANTITY)], "secret": bench.secret}
    series = bench.alternate(NAME, lambda seconds: bench.load("hold_and_release", facts, seconds), None)
    title = f"holds of the best pair of {hall.seats:,} seats, 95 % sold"
    note = "Each pair is given back afterwards, in a request that is not counted."
    return summarize(bench, NAME, title, series, [event.id], note=note)


def nearly_full(hall: Hall) -> Event:
    """An event in a hall where two seats of each row are left."""
    event = seed.make_event("Nearly full", capacity=hall.seats, plan=seed.make_plan(hall))
    # While it is filled, orders may leave single seats; when it is measured, the usual rule holds.
    Event.objects.filter(id=event.id).update(avoid_single_seats=False)
    sell(event, [Wish(1, 1, len(seats), seats=seats) for seats in sold_seats(hall)], datetime.now(UTC))
    Event.objects.filter(id=event.id).update(avoid_single_seats=True)
    return event


def sold_seats(hall: Hall) -> list[tuple[int, ...]]:
    """The seats of each order that was sold before, row by row; the same every time."""
    chance = random.Random(95)  # noqa: S311 - no secret hangs on it
    orders: list[tuple[int, ...]] = []
    for row in range(hall.blocks * hall.rows):
        left = free_in_row(chance, hall.seats_per_row)
        first = row * hall.seats_per_row + 1
        sold = [first + place for place in range(hall.seats_per_row) if place not in left]
        orders += [tuple(sold[start : start + PER_ORDER]) for start in range(0, len(sold), PER_ORDER)]
    return orders


def free_in_row(chance: random.Random, seats: int) -> set[int]:
    """Two places of a row: side by side, or not."""
    if chance.random() < PAIRS_SHARE:
        place = chance.randrange(seats - 1)
        return {place, place + 1}
    one = chance.randrange(seats)
    other = (one + 2 + chance.randrange(seats - 3)) % seats
    return {one, other}
