"""`/{language}/trips/journey/?rides=…`: one journey, its tickets, and the form that reserves them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tmam.catalog.rules import SaleState, level
from tmam.kernel.locales import format_locale
from tmam.kernel.money import price_parts
from tmam.platform.errors import NotFoundError
from tmam.timetables.journeys import Fare, Journey, RideView, view_journeys
from tmam.timetables.load_timetable import timetables
from tmam.timetables.stations import Stop
from tmam.web.public import public_page
from tmam.web.shop.addresses import event_path
from tmam.web.shop.answers import with_etag
from tmam.web.shop.refusal import read_refusal, typed_quantities
from tmam.web.trips import words
from tmam.web.trips.addresses import read_rides, rides_text, trips_path

_QUANTITY = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class Call:
    """A station on the way, on its own clock."""

    name: str
    at: str


@dataclass(frozen=True)
class FareLine:
    """A ticket type of a ride, with what is inside its price and how many one may take."""

    fare: Fare
    fee_minor: int
    tax_minor: int
    most: int
    typed: int
    state: SaleState

    @property
    def can_buy(self) -> bool:
        """Whether any can be had."""
        return self.most > 0


@dataclass(frozen=True)
class RideLine:
    """A ride of the page: its line's address, the wait before it (words, "" for the first), its calls, its tickets."""

    view: RideView
    href: str
    wait: str
    duration: str
    calls: tuple[Call, ...]
    fares: tuple[FareLine, ...]


@public_page
def journey_page(request: HttpRequest, language: str) -> HttpResponse:
    """A journey.

    Raises:
        NotFoundError: the address names no rides, or rides that do not exist or do not follow each other.
    """
    now = timezone.now()
    rides = read_rides(request.GET.get("rides", ""))
    loaded = timetables.around(now)
    views = view_journeys([rides], loaded.stations.by_venue, now)
    if not views or not _is_connected(views[0]):
        raise NotFoundError
    journey = views[0]
    params = {name: request.GET[name] for name in request.GET}
    first, last = journey.rides[0], journey.rides[-1]
    refusal = read_refusal(params, language, first.from_station.time_zone)
    lines = _ride_lines(journey, loaded.stations.by_venue, typed_quantities(params), language)
    most = _most_together(lines)
    context: dict[str, Any] = {
        "journey": journey,
        "lines": lines,
        "rides": rides_text(rides),
        "is_single": len(lines) == 1,
        "is_open": journey.state.is_open and most > 0,
        "state": journey.state.value,
        "most": most,
        "typed": _typed(params, most),
        "event": first.event,
        "duration": words.duration_words(journey.duration),
        "changes": words.changes_words(journey.changes),
        "amounts_locale": format_locale(language).replace("_", "-"),
        "asks_name": any(fare.fare.type.asks_name for line in lines for fare in line.fares),
        "is_seated": any(fare.fare.type.is_seated for line in lines for fare in line.fares),
        "has_one_type_each": all(len(line.fares) == 1 for line in lines),
        "refusal": refusal,
        "problems": _problems(refusal, lines),
        "path": f"/{language}/trips/journey/?rides={rides_text(rides)}",
        "search_href": trips_path(
            language,
            [
                ("from", first.from_station.label),
                ("to", last.to_station.label),
                ("day", first.departs_at.date().isoformat()),
                ("time", f"{first.departs_at:%H:%M}"),
            ],
        ),
    }
    return with_etag(request, render(request, "trips/journey.html", context))


def _is_connected(journey: Journey) -> bool:
    return all(
        one.to_station == other.from_station and one.arrives_at <= other.departs_at
        for one, other in pairwise(journey.rides)
    )


def _ride_lines(
    journey: Journey, stations: Mapping[int, Stop], typed: Mapping[int, int], language: str
) -> list[RideLine]:
    lines: list[RideLine] = []
    arrived = None
    for view in journey.rides:
        wait = words.duration_words(view.departs_at - arrived) if arrived else ""
        fares = tuple(_fare_line(view, fare, typed if journey.changes == 0 else {}) for fare in view.fares)
        length = view.arrives_at - view.departs_at
        href = event_path(language, view.event.id, view.event.slug)
        lines.append(RideLine(view, href, wait, words.duration_words(length), _calls(view, stations), fares))
        arrived = view.arrives_at
    return lines


def _calls(view: RideView, stations: Mapping[int, Stop]) -> tuple[Call, ...]:
    calls = []
    for stop in range(view.ride.from_stop + 1, view.ride.to_stop):
        station = stations.get(view.pattern.venue_ids[stop])
        if station is not None:
            at = view.date.starts_at + timedelta(seconds=view.pattern.departure_s[stop])
            calls.append(Call(station.name, f"{at.astimezone(ZoneInfo(station.time_zone)):%H:%M}"))
    return tuple(calls)


def _fare_line(view: RideView, fare: Fare, typed: Mapping[int, int]) -> FareLine:
    type_ = fare.type
    fee_minor = min(type_.fee_minor, fare.price_minor)
    parts = price_parts(fare.price_minor, fee_minor, type_.tax_basis_points)
    most = min(type_.max_per_order, view.event.max_per_order, fare.left) if view.state.is_open else 0
    return FareLine(
        fare,
        fee_minor,
        parts.tax_minor,
        most,
        min(typed.get(type_.ordinal, 0), max(most, 0)),
        level(fare.capacity, fare.left),
    )


def _most_together(lines: list[RideLine]) -> int:
    """How many people can travel all the way in one order."""
    return min((max((fare.most for fare in line.fares), default=0) for line in lines), default=0)


def _typed(params: Mapping[str, str], most: int) -> int:
    text = params.get("quantity", "")
    return min(int(text), most) if _QUANTITY.fullmatch(text) and int(text) else min(1, most)


def _problems(refusal: Any, lines: list[RideLine]) -> list[tuple[str, str]]:
    if refusal is None:
        return []
    if len(lines) > 1:
        return [(refusal.summary, "#quantity")]
    first = next((f"#quantity-{fare.fare.type.ordinal}" for fare in lines[0].fares if fare.can_buy), "")
    return [(refusal.summary, refusal.target or first)]
