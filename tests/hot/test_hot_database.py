"""What the hot shell remembers of the catalogue, when many ask at once and it grows old while they do."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from tests.cast import make_event
from tmam.hot.database import OFFER_KEPT_S, Database, Offers


@pytest.mark.timeout(60)
def test_an_offer_that_is_old_before_it_is_there_stops_nobody(dsn: str) -> None:
    event = make_event()
    ticks = itertools.count()

    async def ask_all_the_time() -> list[bool]:
        database = await Database.connect(dsn)
        # Whenever it looks at the clock, what it has is too old: as on a machine that is far too busy.
        offers = Offers(database, clock=lambda: next(ticks) * 2 * OFFER_KEPT_S)
        first = asyncio.create_task(offers.get(event.id))
        asked = [first]
        while not first.done():  # at every turn of the loop, so also in the very turn in which it is loaded
            asked.append(asyncio.create_task(offers.get(event.id, {len(asked) % 2 + 1})))
            await asyncio.sleep(0)
        try:
            return [
                offer is not None and offer.event_id == event.id for offer, _ in await asyncio.gather(*asked)
            ]
        finally:
            await database.close()

    assert all(asyncio.run(ask_all_the_time()))
