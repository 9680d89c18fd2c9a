"""Purchases on trains of 20 segments with numbered seats: everybody travels from somewhere to somewhere."""

from __future__ import annotations

import math
import random

from tmam.bench import seed
from tmam.bench.measure import WARM_UP_S, Bench
from tmam.bench.results import Result, summarize
from tmam.bench.scenarios.buying import hold_body
from tmam.bench.scenarios.purchase import purchase_facts

NAME = "trips"
TITLE = "purchases on trips of 20 segments, numbered seats"
SEGMENTS = 20
WISHES = 4_000
# So many trips that none sells out: more than can be sold in the time, filled to two thirds by journeys of a third.
MOST_PER_S = 3_000
JOURNEY_SEGMENTS = (SEGMENTS + 2) / 3
FILLED = 0.65


def run(bench: Bench) -> Result:
    """Purchases over HTTP, of one seat each, from any stop to any later one of any trip."""
    options = bench.options
    seconds = (options.seconds + options.warm_up_s) * options.alternations + WARM_UP_S + options.warm_up_s
    trips = math.ceil(seconds * MOST_PER_S * JOURNEY_SEGMENTS / (seed.TRAIN.seats * SEGMENTS * FILLED))
    event = seed.make_trips("Twenty stretches", trips=trips, segments=SEGMENTS, train=seed.TRAIN)
    facts = purchase_facts(bench, event.id, wishes(event.id, trips))
    series = bench.alternate(NAME, lambda seconds: bench.load("purchase", facts, seconds), None)
    note = f"On {trips} trips of {seed.TRAIN.seats:,} seats."
    return summarize(bench, NAME, TITLE, series, [event.id], note=note)


def wishes(event_id: int, trips: int) -> list[str]:
    """Bodies of holds from stop to stop, all pairs equally likely; the same every time."""
    chance = random.Random(20)  # noqa: S311 - no secret hangs on it
    bodies = []
    for _ in range(WISHES):
        from_stop, to_stop = sorted(chance.sample(range(SEGMENTS + 1), 2))
        bodies.append(hold_body(event_id, 1, date=chance.randint(1, trips), stops=(from_stop, to_stop)))
    return bodies
