"""What is left, as one small document that thousands may ask for at once."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping

import msgspec

from tmam.catalog.offers import Offer
from tmam.catalog.rules import level
from tmam.hot.database import Database, Offers
from tmam.hot.http import JSON, Answer, Request
from tmam.inventory.errors import NoSuchTicketError
from tmam.inventory.queries import Places, places_by_pool

KEPT_S = 1.0


class AvailabilityDesk:
    """`GET /hot/events/{event}/availability`: kept for a second, with an ETag."""

    def __init__(
        self, database: Database, offers: Offers, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._offers = offers
        self._clock = clock
        self._kept: dict[int, tuple[float, bytes, str]] = {}
        self._loading: dict[int, asyncio.Task[tuple[float, bytes, str]]] = {}

    async def show(self, request: Request, event_id: int) -> Answer:
        """The document of one event: `{"dates": {"1": {"types": {"2": {"left": 12, "state": "plenty"}}}}}`."""
        kept = self._kept.get(event_id)
        if kept is None or self._clock() - kept[0] > KEPT_S:
            task = self._loading.get(event_id)
            if task is None:
                task = self._loading[event_id] = asyncio.create_task(self._load(event_id))
                task.add_done_callback(lambda _: self._loading.pop(event_id, None))
            kept = await asyncio.shield(task)
        _, body, etag = kept
        headers = [("cache-control", "public, max-age=1"), ("etag", etag)]
        if request.headers.get("if-none-match") == etag:
            return Answer(304, b"", JSON, headers)
        return Answer(200, body, JSON, headers)

    async def _load(self, event_id: int) -> tuple[float, bytes, str]:
        offer, _ = await self._offers.get(event_id)
        if offer is None or not offer.is_public:
            raise NoSuchTicketError
        places = await self._database.run(lambda: places_by_pool(event_id))
        body = msgspec.json.encode({"dates": availability(offer, places)})
        if len(self._kept) > 10_000:
            self._kept.clear()
        kept = self._clock(), body, f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        self._kept[event_id] = kept
        return kept


def availability(
    offer: Offer, places: Mapping[tuple[int, int], Places]
) -> dict[str, dict[str, dict[str, dict[str, object]]]]:
    """What is left of each ticket type on each date: the least of the pools it draws on."""
    dates: dict[str, dict[str, dict[str, dict[str, object]]]] = {}
    for date in offer.dates:
        types: dict[str, dict[str, object]] = {}
        for type_ in offer.ticket_types:
            pools = [places.get((date.ordinal, pool)) for pool in type_.pools]
            if not type_.is_sold_on(date.ordinal) or not pools or None in pools:
                continue
            tightest = min((pool for pool in pools if pool), key=lambda pool: pool.free)
            types[str(type_.ordinal)] = {
                "left": tightest.free,
                "state": level(tightest.capacity, tightest.free).value,
            }
        dates[str(date.ordinal)] = {"types": types}
    return dates
