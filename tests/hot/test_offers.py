"""The shell's memory of offers: loaded once for many, never waited for in vain."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.cast import make_event
from tmam.hot.database import Database, Offers

pytestmark = pytest.mark.usefixtures("live_database")


class Counting(Database):
    """Counts the verbs it runs."""

    runs = 0

    async def run(self, make_verb: Callable[[], Any]) -> Any:
        self.runs += 1
        return await super().run(make_verb)


def with_offers(dsn: str, talk: Callable[[Offers, Counting, list[float]], Any]) -> Any:
    clock = [100.0]

    async def run() -> Any:
        database = await Counting.connect(dsn)
        assert isinstance(database, Counting)
        try:
            async with asyncio.timeout(20):
                return await talk(Offers(database, lambda: clock[0]), database, clock)
        finally:
            await database.close()

    return asyncio.run(run())


def test_many_at_once_load_once_and_other_dates_are_added(dsn: str) -> None:
    event = make_event(dates=3)

    async def talk(offers: Offers, database: Counting, clock: list[float]) -> None:
        found = await asyncio.gather(*(offers.get(event.id, {1}) for _ in range(50)))
        assert database.runs == 1
        assert all(offer is not None and set(offer.date_by_ordinal) == {1} for offer, _ in found)
        offer, _ = await offers.get(event.id, {2, 99, 70_000, -1})
        assert offer is not None
        assert set(offer.date_by_ordinal) == {1, 2}
        await offers.get(event.id, {1, 2, 99, 70_000, -1})
        assert database.runs == 2
        clock[0] += 2
        offer, _ = await offers.get(event.id, {3})
        assert offer is not None
        assert set(offer.date_by_ordinal) == {3}

    with_offers(dsn, talk)


def test_an_answer_that_is_old_when_it_comes_is_asked_for_again(dsn: str) -> None:
    """Whoever finds a load that has just ended, and its answer stale already, must not wait for it for ever."""
    event = make_event(dates=2)

    async def talk(offers: Offers, database: Counting, clock: list[float]) -> None:
        await offers.get(event.id, {1})

        async def impatient() -> None:
            while event.id not in offers._loading:  # noqa: ASYNC110 -- the very moment is wanted
                await asyncio.sleep(0)
            while not offers._loading[event.id].done():  # noqa: ASYNC110 -- as above
                await asyncio.sleep(0)
            clock[0] += 5  # the load took long
            offer, _ = await offers.get(event.id, {1, 2})
            assert offer is not None
            assert set(offer.date_by_ordinal) == {1, 2}

        await asyncio.gather(impatient(), offers.get(event.id, {2}))

    with_offers(dsn, talk)


def test_no_event_is_no_offer(dsn: str) -> None:
    async def talk(offers: Offers, database: Counting, clock: list[float]) -> None:
        assert await offers.get(2_147_483, {1}) == (None, None)

    with_offers(dsn, talk)
