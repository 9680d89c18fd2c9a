"""The page of a line: where it calls, and the search for its trips. A line may have tens of thousands of dates."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Func, IntegerField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from tmam.catalog.models import Date, Event
from tmam.catalog.stop_patterns import StopPattern
from tmam.kernel.locales import format_locale
from tmam.timetables.journeys import Ride
from tmam.timetables.load_timetable import timetables
from tmam.web.posters import poster_path
from tmam.web.shop.addresses import event_path
from tmam.web.shop.answers import with_etag
from tmam.web.trips.addresses import journey_path
from tmam.web.trips.search_form import TripsAsked
from tmam.web.trips.search_page import form_context


def longest_pattern(event: Event) -> StopPattern | None:
    """The stop pattern of a line with the most stops; None for what is no line."""
    stops = Func(F("venue_ids"), function="cardinality", output_field=IntegerField())
    return event.stop_patterns.order_by(stops.desc(), "ordinal").first()


def line_page(request: HttpRequest, language: str, event: Event, pattern: StopPattern) -> HttpResponse:
    """A line's page; with a date asked for, on to that trip."""
    text = request.GET.get("date", "")
    if text.isascii() and text.isdigit() and len(text) <= 5:
        date = Date.objects.filter(event=event, ordinal=int(text), pattern__isnull=False).first()
        row = event.stop_patterns.filter(ordinal=date.pattern or 0).first() if date else None
        if row is not None:
            ride = Ride(event.id, int(text), 0, len(row.venue_ids) - 1)
            return HttpResponseRedirect(journey_path(language, [ride]))
    now = timezone.now()
    loaded = timetables.around(now)
    stops = [stop for pk in pattern.venue_ids if (stop := loaded.stations.by_venue.get(pk))]
    typed = {"from": "", "to": "", "day": "", "time": ""}
    if len(stops) > 1:
        typed |= {"from": stops[0].label, "to": stops[-1].label}
    context: dict[str, Any] = form_context(TripsAsked(typed), loaded, language, now)
    context |= {
        "event": event,
        "stops": stops,
        "path": event_path(language, event.id, event.slug),
        "poster": poster_path(event.id, event.poster_seed),
        "amounts_locale": format_locale(language).replace("_", "-"),
    }
    return with_etag(request, render(request, "trips/line.html", context))
