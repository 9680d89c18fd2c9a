"""Real connections at once: nothing is sold twice, whoever times out, hangs up or comes late."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.cast import NOW, Type, make_event, make_seated_event
from tests.inventory.books import assert_books_right
from tmam.catalog.models import Event
from tmam.catalog.offers import load_offer
from tmam.inventory.draws import HoldRequest, wishes_for
from tmam.inventory.errors import HoldEndedError
from tmam.inventory.hold_places import hold_places
from tmam.inventory.holds import Hold
from tmam.inventory.models import Claim
from tmam.inventory.models import Counter as PlacesCounter
from tmam.inventory.release_hold import convert_holds, release_hold
from tmam.inventory.seat_plans import load_plan
from tmam.platform.statements import run_verb, run_verb_async

pytestmark = pytest.mark.usefixtures("live_database")
CONNECTIONS = 16


def buyers(dsn: str, event: Event, rounds: int, seed: int, connections: int = CONNECTIONS) -> Counter[str]:
    """Many connections hold, release, let lapse and buy at random; returns what each kind did."""
    offer = run_verb(load_offer(event.id))
    assert offer is not None
    plan = run_verb(load_plan(event.seat_plan_id)) if event.seat_plan_id else None
    done: Counter[str] = Counter()

    async def buyer(number: int) -> None:
        chance = random.Random(f"{seed}-{number}")  # noqa: S311 -- a repeatable script, no secret
        connection = await asyncpg.connect(dsn)
        now = NOW
        try:
            for _ in range(rounds):
                now += timedelta(minutes=chance.choice((0, 1, 12)))
                request = HoldRequest(
                    uuid4(),
                    UUID(int=number + 1),
                    wishes_for(1, {chance.choice((1, 2)): chance.randint(1, 4)}),
                )
                (answer,) = await run_verb_async(hold_places(offer, plan, [request], now), connection)
                if not isinstance(answer, Hold):
                    done["refused"] += 1
                    continue
                match chance.choice(("buy", "release", "lapse", "lapse")):
                    case "buy":
                        sold = await run_verb_async(convert_holds(event.id, [answer.id], now), connection)
                        done["bought" if isinstance(sold[answer.id], Hold) else "too late"] += 1
                    case "release":
                        await run_verb_async(
                            release_hold(event.id, answer.id, answer.visitor_id, now), connection
                        )
                        done["released"] += 1
                    case _:
                        done["lapsed"] += 1
        finally:
            await connection.close()

    async def all_buyers() -> None:
        await asyncio.gather(*(buyer(number) for number in range(connections)))

    asyncio.run(all_buyers())
    return done


def test_two_pools_are_never_oversold(dsn: str) -> None:
    types = (Type(3000, "Early bird", pools=(1, 2)), Type(4500, "Regular", pools=(2,)))
    event = make_event(types=types, capacities={1: 20, 2: 60}, max_per_order=10)
    done = buyers(dsn, event, rounds=25, seed=1)
    assert done["bought"] > 0
    assert done["refused"] > 0
    assert_books_right(event.id)


def test_no_seat_is_given_twice(dsn: str) -> None:
    types = (Type(name="Stalls", is_seated=True), Type(name="Reduced", is_seated=True))
    event = make_seated_event(rows=8, seats_per_row=10, types=types)
    done = buyers(dsn, event, rounds=25, seed=2)
    assert done["bought"] > 0
    assert_books_right(event.id)
    counter = PlacesCounter.objects.get(event_id=event.id, kind="pool")
    assert Claim.objects.filter(event_id=event.id).count() == counter.sold + counter.held


def test_the_last_place_goes_to_exactly_one(dsn: str) -> None:
    event = make_event(capacity=1)
    offer = run_verb(load_offer(event.id))

    async def one() -> bool:
        connection = await asyncpg.connect(dsn)
        try:
            request = HoldRequest(uuid4(), uuid4(), wishes_for(1, {1: 1}))
            (answer,) = await run_verb_async(hold_places(offer, None, [request], NOW), connection)
            return isinstance(answer, Hold)
        finally:
            await connection.close()

    async def all_at_once() -> list[bool]:
        return await asyncio.gather(*(one() for _ in range(CONNECTIONS)))

    assert sum(asyncio.run(all_at_once())) == 1
    assert_books_right(event.id)


def test_one_hold_is_sold_or_released_but_not_both(dsn: str) -> None:
    event = make_event(capacity=50)
    offer = run_verb(load_offer(event.id))
    requests = [HoldRequest(uuid4(), uuid4(), wishes_for(1, {1: 1})) for _ in range(20)]
    holds = run_verb(hold_places(offer, None, requests, NOW))

    async def race(hold: Hold) -> bool:
        async def sell() -> bool:
            connection = await asyncpg.connect(dsn)
            try:
                answers = await run_verb_async(convert_holds(event.id, [hold.id], NOW), connection)
                return isinstance(answers[hold.id], Hold)
            finally:
                await connection.close()

        async def give_back() -> bool:
            connection = await asyncpg.connect(dsn)
            try:
                await run_verb_async(release_hold(event.id, hold.id, hold.visitor_id, NOW), connection)
            except HoldEndedError:  # it was bought first
                return False
            finally:
                await connection.close()
            return True

        sold, given_back = await asyncio.gather(sell(), give_back())
        assert sold is not given_back
        return sold

    async def all_races() -> list[bool]:
        return await asyncio.gather(*(race(hold) for hold in holds if isinstance(hold, Hold)))

    sold = sum(asyncio.run(all_races()))
    counter = PlacesCounter.objects.get(event_id=event.id, kind="pool")
    assert (counter.sold, counter.held) == (sold, 0)
    assert_books_right(event.id)


@pytest.mark.soak
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seated", [False, True], ids=["pools", "seats"])
def test_a_minute_of_sixty_four_buyers_leaves_the_books_right(dsn: str, seated: bool) -> None:
    types = (Type(name="One", is_seated=seated), Type(name="Other", is_seated=seated))
    until, seed = time.monotonic() + 60, 100
    while time.monotonic() < until:
        event = (
            make_seated_event(rows=20, seats_per_row=10, types=types)
            if seated
            else make_event(capacity=200, types=types)
        )
        buyers(dsn, event, rounds=20, seed=seed, connections=64)
        assert_books_right(event.id)
        seed += 1
    assert seed > 100
