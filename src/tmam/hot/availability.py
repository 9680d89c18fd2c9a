"""What is left on a date, as one small document that thousands may ask for at once."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qs

import msgspec

from tmam.catalog.fares import stretch_price
from tmam.catalog.offers import Offer, OfferDate
from tmam.catalog.rules import level
from tmam.hot.database import Database, Offers
from tmam.hot.http import JSON, Answer, Request
from tmam.inventory.errors import BadStretchError, NoSuchTicketError
from tmam.inventory.queries import Places, places_by_pool, taken_seats
from tmam.inventory.seat_plans import Plan
from tmam.platform.statements import Verb

KEPT_S = 1.0
MOST_KEPT = 10_000
Key: TypeAlias = tuple[int, int, int | None, int | None]  # event, date, from stop, to stop


class _Kept(msgspec.Struct, frozen=True):
    made_at: float
    body: bytes
    etag: str


class AvailabilityDesk:
    """`GET /hot/events/{event}/dates/{date}/availability`: made at most once a second, with an ETag.

    On trips `?from_stop=&to_stop=` asks about a stretch; left out, about the whole trip.
    """

    def __init__(
        self, database: Database, offers: Offers, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._offers = offers
        self._clock = clock
        self._kept: dict[Key, _Kept] = {}
        self._loading: dict[Key, asyncio.Task[_Kept]] = {}

    async def show(self, request: Request, event_id: int, date: int) -> Answer:
        """Answer one date's document, see `availability`.

        Raises:
            NoSuchTicketError: no such event or date, or nobody may know of it. BadStretchError.
        """
        key = event_id, date, *_stops(request.query)
        kept = self._kept.get(key)
        if kept is None or self._clock() - kept.made_at > KEPT_S:
            task = self._loading.get(key)
            if task is None:
                task = self._loading[key] = asyncio.create_task(self._make(key))
                task.add_done_callback(lambda _: self._loading.pop(key, None))
            kept = await asyncio.shield(task)
        headers = [("cache-control", "public, max-age=1"), ("etag", kept.etag)]
        if request.headers.get("if-none-match") == kept.etag:
            return Answer(304, b"", JSON, headers)
        return Answer(200, kept.body, JSON, headers)

    async def _make(self, key: Key) -> _Kept:
        event_id, date_ordinal, from_stop, to_stop = key
        offer, plan = await self._offers.get(event_id, {date_ordinal})
        date = offer.date_by_ordinal.get(date_ordinal) if offer is not None else None
        if offer is None or date is None or not offer.is_public:
            raise NoSuchTicketError
        stretch = _stretch(offer, date, from_stop, to_stop)
        made_at = self._clock()
        places, taken = await self._database.run(lambda: _read(event_id, date, stretch, plan))
        seats = None if plan is None else (plan, taken)
        body = msgspec.json.encode(availability(offer, date, stretch, places, seats))
        kept = _Kept(made_at, body, f'"{hashlib.sha256(body).hexdigest()[:20]}"')
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key] = kept
        return kept


def availability(
    offer: Offer,
    date: OfferDate,
    stretch: range | None,
    places: Mapping[tuple[int, int], Places],
    seats: tuple[Plan, bytes] | None,
) -> dict[str, Any]:
    """One date's document. Pure.

    `{"types": {"1": {"left": 12, "state": "few", "price_minor": 900}}, "seats": {"size": 300, "taken": "<base64>"}}`:
    `left` is the least of the pools a type draws on (of a trip: on the stretch); bit n - 1 of `taken`, counted from
    the lowest bit of its first byte, is seat n of the plan. `seats` is there for numbered places only.
    """
    types: dict[str, Any] = {}
    pattern = offer.pattern_of(date)
    for type_ in offer.ticket_types:
        pools = [places[date.ordinal, pool] for pool in type_.pools if (date.ordinal, pool) in places]
        if not type_.is_sold_on(date.ordinal) or not pools or len(pools) != len(type_.pools):
            continue
        tightest = min(pools, key=lambda pool: pool.free)
        price_minor = type_.price_minor
        if pattern is not None and stretch is not None:
            price_minor = stretch_price(type_, pattern, stretch.start, stretch.stop)
        types[str(type_.ordinal)] = {
            "left": tightest.free,
            "state": level(tightest.capacity, tightest.free).value,
            "price_minor": price_minor,
        }
    document: dict[str, Any] = {"types": types}
    if seats is not None:
        plan, taken = seats
        size = (plan.size + 7) // 8
        document["seats"] = {
            "size": plan.size,
            "taken": base64.b64encode(taken[:size].ljust(size, b"\0")).decode(),
        }
    return document


def _read(
    event_id: int, date: OfferDate, stretch: range | None, plan: Plan | None
) -> Verb[tuple[dict[tuple[int, int], Places], bytes]]:
    segments = range(1) if stretch is None else stretch
    places = yield from places_by_pool(event_id, [date.ordinal], segments.start, segments.stop)
    taken = (yield from taken_seats(event_id, date.ordinal, segments)) if plan is not None else b""
    return places, taken


def _stretch(offer: Offer, date: OfferDate, from_stop: int | None, to_stop: int | None) -> range | None:
    pattern = offer.pattern_of(date)
    if pattern is None:
        if from_stop is not None or to_stop is not None:
            raise BadStretchError
        return None
    first = 0 if from_stop is None else from_stop
    last = pattern.last_stop if to_stop is None else to_stop
    if not 0 <= first < last <= pattern.last_stop:
        raise BadStretchError
    return range(first, last)


def _stops(query: str) -> tuple[int | None, int | None]:
    if not query:
        return None, None
    fields = parse_qs(query)

    def stop(name: str) -> int | None:
        text = fields.get(name, [""])[0]
        if text and not (text.isascii() and text.isdigit() and len(text) <= 3):
            raise BadStretchError
        return int(text) if text else None

    return stop("from_stop"), stop("to_stop")
