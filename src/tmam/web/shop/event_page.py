"""`/{language}/e/{event}-{slug}/`: one event, its dates, its tickets, and the form that reserves them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from tmam.catalog.models import Date, Event, Seat
from tmam.catalog.queries import date_of, dates_from, last_date, public_event
from tmam.inventory.models import Counter
from tmam.kernel.locales import format_locale
from tmam.platform.errors import NotFoundError
from tmam.web.posters import poster_path
from tmam.web.public import public_page
from tmam.web.shop import event_view as view
from tmam.web.shop.addresses import event_path
from tmam.web.shop.answers import with_etag
from tmam.web.shop.limit_lines import limit_lines
from tmam.web.shop.order_choices import order_choices, refusal_context
from tmam.web.shop.refusal import read_refusal, typed_quantities
from tmam.web.shop.structured_data import event_data
from tmam.web.trips.line_page import line_page, longest_pattern

DATES_MAX = 400
BACK = timedelta(days=7)
_ORDINAL = re.compile(r"[0-9]{1,5}")


@public_page
def event_page(request: HttpRequest, language: str, event_id: int, slug: str = "") -> HttpResponse:
    """The page of an event. Other slugs lead to the right one.

    Raises:
        NotFoundError: no such event, or a draft, or one without any date.
    """
    event = public_event(event_id)
    if event is None:
        raise NotFoundError
    if slug != event.slug:
        query = request.META.get("QUERY_STRING", "")
        return _redirect(
            event_path(language, event.id, event.slug) + (f"?{query}" if query else ""), status=301
        )
    if event.kind in {"train", "flight"} and (pattern := longest_pattern(event)) is not None:
        return line_page(request, language, event, pattern)
    now = timezone.now()
    if asked_day := _day(request.GET.get("day", "")):
        found = dates_from(event.id, _midnight(asked_day, event.venue.time_zone), limit=1)
        return _redirect(
            event_path(language, event.id, slug, found[0].ordinal if found else None), status=302
        )
    look = view.Look(event, list(event.ticket_types.order_by("ordinal")), now)
    asked = _asked_date(event, request.GET.get("date", ""))
    dates, chosen = _dates(look, asked)
    params = {name: request.GET[name] for name in request.GET}
    refusal = read_refusal(params, language, chosen.time_zone)
    context = _date_context(look, dates, chosen, typed_quantities(params), is_asked=asked is not None)
    path = event_path(language, event.id, event.slug)
    chosen = context["chosen"]
    context |= order_choices(look, chosen, context["sale_state"], context["types"], params)
    context |= refusal_context(refusal, context, params, path, chosen.ordinal)
    context |= {
        "event": event,
        "refusal": refusal,
        "path": path,
        "poster": poster_path(event.id, event.poster_seed),
        "map_href": _map_href(event),
        "amounts_locale": format_locale(language).replace("_", "-"),
        "limit_lines": limit_lines(event),
        "accessible_seats": _accessible_seats(event),
        "data": event_data(look, context["lines"], context["types"], language),
        "now": now,
    }
    return with_etag(request, render(request, "shop/event.html", context))


def _date_context(
    look: view.Look, dates: list[Date], chosen: Date, typed: dict[int, int], *, is_asked: bool
) -> dict[str, Any]:
    days = view.day_lines(look, dates, chosen)
    is_by_day = len(dates) > view.LIST_MAX or len(dates) >= 2 * len(days) > 2
    shown = [each for each in dates if not is_by_day or view.local_day_of(each) == view.local_day_of(chosen)]
    places = _places(look.event.id, {each.ordinal for each in (*shown, chosen)})
    lines = [view.date_line(look, each, places, is_chosen=each == chosen) for each in shown]
    if not is_asked:
        free = next((line.date for line in lines if line.state.is_open), chosen)
        if free != chosen:
            return _date_context(look, dates, free, typed, is_asked=True)
    state = view.date_line(look, chosen, places, is_chosen=True).state
    type_lines = view.type_lines(look, chosen, places, typed)
    return {
        "chosen": chosen,
        "sale_state": state,
        "state": state.value,
        "is_open": state.is_open,
        "is_over": look.now >= chosen.ends_at,
        "is_by_day": is_by_day and len(dates) > 1,
        "days": days,
        "lines": lines,
        "has_choice": len(dates) > 1,
        "has_more_days": len(days) == view.DAYS_MAX or len(dates) == DATES_MAX,
        "types": type_lines,
        "is_seated": any(line.type.is_seated for line in type_lines),
        "asks_name": any(line.type.asks_name for line in type_lines),
        "asks_document": any(line.type.asks_document for line in type_lines),
        "is_free": all(line.type.price_minor == 0 for line in type_lines),
    }


def _dates(look: view.Look, asked: Date | None) -> tuple[list[Date], Date]:
    """The dates to show, and the one that is chosen: the one asked for, else the first that may be on sale."""
    start = max(look.now, asked.starts_at - BACK) if asked else look.now
    dates = dates_from(look.event.id, start, DATES_MAX)
    if asked is not None:
        return dates, asked
    fallback = dates[0] if dates else last_date(look.event.id)
    if fallback is None:
        raise NotFoundError
    return dates, next((each for each in dates if look.is_maybe_open(each)), fallback)


def _asked_date(event: Event, text: str) -> Date | None:
    return date_of(event.id, int(text)) if _ORDINAL.fullmatch(text) else None


def _places(event_id: int, ordinals: Iterable[int]) -> dict[tuple[int, int], tuple[int, int]]:
    rows = Counter.objects.filter(event_id=event_id, kind="pool", segment=0, date_ordinal__in=list(ordinals))
    return {
        (row.date_ordinal or 0, row.pool or 0): (row.capacity, row.capacity - row.held - row.sold)
        for row in rows
    }


def _accessible_seats(event: Event) -> int:
    if event.seat_plan_id is None:
        return 0
    return Seat.objects.filter(plan_id=event.seat_plan_id, is_accessible=True).count()


def _map_href(event: Event) -> str:
    venue = event.venue
    if venue.latitude is None or venue.longitude is None:
        return ""
    at = f"{venue.latitude:.5f}", f"{venue.longitude:.5f}"
    return f"https://www.openstreetmap.org/?mlat={at[0]}&mlon={at[1]}#map=17/{at[0]}/{at[1]}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _midnight(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(time_zone))


def _redirect(address: str, *, status: int) -> HttpResponseRedirect:
    response = HttpResponseRedirect(address)
    response.status_code = status
    return response
