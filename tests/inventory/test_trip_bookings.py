"""Ten thousand random bookings on trains: no seat is sold twice on any stretch, by the tickets' own lines."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from tests.cast import NOW, Type, make_trip_event
from tests.house.second_run import BRIEF_VARIABLE
from tests.inventory.books import assert_books_right
from tests.inventory.executors import wish
from tmam.catalog.offers import load_offer
from tmam.inventory.draws import HoldRequest, Wish
from tmam.inventory.hold_places import hold_places
from tmam.inventory.holds import Hold
from tmam.inventory.release_hold import convert_holds, release_hold
from tmam.inventory.seat_plans import load_plan
from tmam.platform.statements import run_verb

pytestmark = pytest.mark.usefixtures("live_database")
BOOKINGS = 10_000
TRIPS, STOPS, COACHES, SEATS_PER_COACH, STANDING = 8, 21, 10, 60, 600
# Judged by what holds say they sold, not by claims, bits or counters.
SOLD_LINES = """
WITH sold AS (
    SELECT hold.id, (line ->> 'date')::integer AS trip, (line ->> 'ticket_type')::integer AS type,
           int4range((line ->> 'from_stop')::integer, (line ->> 'to_stop')::integer) AS stretch,
           (line ->> 'quantity')::integer AS quantity, coalesce(line -> 'seats', '[]') AS seats
    FROM inventory_hold AS hold, jsonb_array_elements(hold.lines) AS line
    WHERE hold.event_id = %(event)s AND hold.state IN ('held', 'converted')
)
"""
OVERLAPS = (
    SOLD_LINES
    + """, places AS (
    SELECT row_number() OVER () AS place, sold.id, trip, stretch, seat.number
    FROM sold, jsonb_array_elements_text(seats) AS seat (number)
)
SELECT one.trip, one.number, one.stretch, other.stretch
FROM places AS one
JOIN places AS other ON other.trip = one.trip AND other.number = one.number AND other.place > one.place
WHERE one.stretch && other.stretch
"""
)
FULLEST = (
    SOLD_LINES
    + """
SELECT sold.type, max(places) FROM (
    SELECT sold.type, sold.trip, segment, sum(sold.quantity) AS places
    FROM sold, generate_series(lower(stretch), upper(stretch) - 1) AS segment
    GROUP BY 1, 2, 3
) AS sold
GROUP BY sold.type
"""
)
WITHOUT_SEATS = SOLD_LINES + "SELECT id FROM sold WHERE type = 1 AND jsonb_array_length(seats) <> quantity"


def random_wish(chance: random.Random) -> Wish:
    """One to four places for a stretch of any length, now and then on seats picked by number."""
    first = chance.randrange(STOPS - 1)
    last = chance.randint(first + 1, min(first + chance.choice((2, 5, STOPS)), STOPS - 1))
    trip, quantity = chance.randint(1, TRIPS), chance.randint(1, 4)
    if chance.random() < 0.2:
        return Wish(trip, 2, quantity, first, last)
    if chance.random() < 0.2:
        seats = tuple(chance.sample(range(1, COACHES * SEATS_PER_COACH + 1), quantity))
        return Wish(trip, 1, 0, first, last, seats)
    return Wish(trip, 1, quantity, first, last)


def rows(query: str, event_id: int) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"event": event_id})
        return cursor.fetchall()


def test_ten_thousand_random_bookings_overlap_nowhere() -> None:
    types = (
        Type(name="Seat", is_seated=True, fee_minor=0),
        Type(name="Standing", pools=(2,), fee_minor=0),
    )
    event = make_trip_event(
        stops=STOPS,
        coaches=COACHES,
        seats_per_coach=SEATS_PER_COACH,
        trips=TRIPS,
        types=types,
        avoid_single_seats=False,
    )
    offer, plan = run_verb(load_offer(event.id)), run_verb(load_plan(event.seat_plan_id or 0))
    chance = random.Random(2026)  # noqa: S311 -- a repeatable script, no secret
    bookings = BOOKINGS // 10 if BRIEF_VARIABLE in os.environ else BOOKINGS
    done: Counter[str] = Counter()
    now = NOW
    while done["asked"] < bookings:
        now += timedelta(minutes=1)
        batch: list[HoldRequest] = [wish(random_wish(chance)) for _ in range(250)]
        answers = run_verb(hold_places(offer, plan, batch, now))
        done["asked"] += len(batch)
        got = [answer for answer in answers if isinstance(answer, Hold)]
        done["refused"] += len(batch) - len(got)
        chance.shuffle(got)
        given_back, lapsing, bought = got[:20], got[20:40], got[40:]
        for hold in given_back:
            run_verb(release_hold(event.id, hold.id, UUID(int=hold.visitor_id.int), now))
        done["lapsing"] += len(lapsing)
        sold = run_verb(convert_holds(event.id, [hold.id for hold in bought], now))
        done["bought"] += sum(isinstance(answer, Hold) for answer in sold.values())
    assert rows(OVERLAPS, event.id) == []
    assert rows(WITHOUT_SEATS, event.id) == []
    fullest = dict(rows(FULLEST, event.id))
    assert fullest[1] <= COACHES * SEATS_PER_COACH
    assert fullest[2] <= STANDING
    assert_books_right(event.id)
    if bookings == BOOKINGS:
        assert done["bought"] > 4_000
        assert done["refused"] > 500, "the trains were never full: the bookings prove little"
