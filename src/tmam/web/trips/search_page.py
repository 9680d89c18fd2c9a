"""`/{language}/trips/`: from, to, when; then the journeys, or a choice where a name means several stations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tmam.timetables.journeys import Journey, journeys_after, journeys_before, view_journeys
from tmam.timetables.load_timetable import Loaded, timetables
from tmam.timetables.stations import Stop
from tmam.web.public import public_page
from tmam.web.shop.answers import with_etag
from tmam.web.trips import words
from tmam.web.trips.addresses import journey_path, trips_path
from tmam.web.trips.search_form import BEFORE, TripsAsked, read_trips

JOURNEYS = 5
SUGGESTED_MAX = 400
POPULAR = 8
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class JourneyLine:
    """A journey among the results."""

    journey: Journey
    href: str
    duration: str
    changes: str
    days_later: int
    has_zones: bool


@public_page
def trips_page(request: HttpRequest, language: str) -> HttpResponse:
    """The search for journeys and its results, never an error: what cannot be read is told at its field."""
    now = timezone.now()
    loaded = timetables.around(now)
    asked = read_trips({name: request.GET[name] for name in request.GET}, loaded.stations, now)
    context = form_context(asked, loaded, language, now)
    if asked.choices:
        context["choice"] = _choice(asked, language)
    elif asked.is_complete:
        context |= _results(asked, language, now)
    return with_etag(request, render(request, "trips/search.html", context))


def form_context(asked: TripsAsked, loaded: Loaded, language: str, now: datetime) -> dict[str, Any]:
    """What `trips/_form.html` shows."""
    told = words.trouble_words(asked.troubles)
    values = dict(asked.typed)
    if asked.troubles.get("day"):  # a date field shows nothing but dates
        values["day"] = ""
    return {
        "trips_action": trips_path(language),
        "values": {"from_": values.pop("from"), **values},
        "errors": {("from_" if name == "from" else name): text for name, text in told.items()},
        "problems": [(text, f"#{name}") for name, text in told.items()],
        "suggested": [stop.label for stop in loaded.stations.stops[:SUGGESTED_MAX]],
        "popular": loaded.stations.stops[:POPULAR],
        "today": now.date().isoformat(),
        "asked": asked,
    }


def _choice(asked: TripsAsked, language: str) -> dict[str, Any]:
    """One question at a time: which station is meant."""
    name = next(iter(asked.choices))
    return {
        "name": name,
        "typed": asked.typed[name],
        "stops": [
            (stop, trips_path(language, asked.params(**{f"{name}_": stop.label})))
            for stop in asked.choices[name]
        ],
    }


def _results(asked: TripsAsked, language: str, now: datetime) -> dict[str, Any]:
    if asked.origin is None or asked.target is None or asked.at is None:
        raise ValueError("the search is not complete")
    at = max(asked.at, now)
    loaded = timetables.around(at)
    stops = [loaded.stations.by_venue.get(stop.venue_id) for stop in (asked.origin, asked.target)]
    if stops[0] is None or stops[1] is None:
        return {"lines": []}  # on those days nothing calls there
    origin, target = stops[0], stops[1]
    if asked.is_before:
        found = journeys_before(loaded, origin, target, at, not_before=now, count=JOURNEYS)
    else:
        found = journeys_after(loaded, origin, target, at, JOURNEYS)
    journeys = view_journeys(found, loaded.stations.by_venue, now)
    zone = ZoneInfo(origin.time_zone)
    day_after = (at.astimezone(zone) + timedelta(days=1)).date()
    return {
        "lines": [_line(journey, language) for journey in journeys],
        "day": journeys[0].departs_at if journeys else at.astimezone(zone),
        "day_zone": origin.time_zone,
        "starts": origin,
        "ends": target,
        "earlier_href": _earlier(asked, journeys, at, now, language),
        "later_href": _later(asked, journeys, language),
        "next_day_href": trips_path(language, asked.params(day=day_after.isoformat(), time="00:00")),
        "back_href": _swapped(asked, origin, target, language),
    }


def _line(journey: Journey, language: str) -> JourneyLine:
    departs, arrives = journey.departs_at, journey.arrives_at
    return JourneyLine(
        journey,
        journey_path(language, [ride.ride for ride in journey.rides]),
        words.duration_words(journey.duration),
        words.changes_words(journey.changes),
        (arrives.date() - departs.date()).days,
        departs.utcoffset() != arrives.utcoffset(),
    )


def _earlier(asked: TripsAsked, journeys: list[Journey], at: datetime, now: datetime, language: str) -> str:
    first = journeys[0].departs_at if journeys else at
    if first <= now or (asked.is_before and len(journeys) < JOURNEYS):
        return ""  # whatever leaves earlier has left
    return trips_path(
        language, asked.params(day=first.date().isoformat(), time=f"{first:%H:%M}", search=BEFORE)
    )


def _later(asked: TripsAsked, journeys: list[Journey], language: str) -> str:
    if not journeys:
        return ""
    after = journeys[-1].departs_at + A_MINUTE
    return trips_path(language, asked.params(day=after.date().isoformat(), time=f"{after:%H:%M}"))


def _swapped(asked: TripsAsked, origin: Stop, target: Stop, language: str) -> str:
    return trips_path(language, asked.params(from_=target.label, to_=origin.label))
