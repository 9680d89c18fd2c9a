"""schema.org descriptions of our pages for search engines (https://schema.org/Event), as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from tmam.catalog.models import Event, TicketType
from tmam.catalog.rules import SaleState
from tmam.kernel.money import Money
from tmam.web.posters import poster_path
from tmam.web.shop.addresses import event_path
from tmam.web.shop.event_view import DateLine, Look, TypeLine

TYPES = {
    "concert": "MusicEvent",
    "theatre": "TheaterEvent",
    "cinema": "ScreeningEvent",
    "museum": "ExhibitionEvent",
}
_AVAILABILITY = {
    SaleState.PLENTY: "InStock",
    SaleState.FEW: "LimitedAvailability",
    SaleState.SOLD_OUT: "SoldOut",
    SaleState.SOON: "PreOrder",
    SaleState.ENDED: "Discontinued",
    SaleState.CANCELLED: "Discontinued",
}
# JSON inside HTML: nothing in it may end the script element or begin a comment.
_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def event_data(
    look: Look, lines: Sequence[DateLine], chosen_types: Sequence[TypeLine], language: str
) -> SafeString:
    """Each shown date of an event as one schema.org event with its offers; what is left is known of the chosen one."""
    states = {line.type.ordinal: line.state for line in chosen_types}
    described = [_event(look, line, states if line.is_chosen else {}, language) for line in lines]
    return json_in_html({"@context": "https://schema.org", "@graph": described})


def site_data(language: str) -> SafeString:
    """The site and its search box."""
    home = f"{settings.SITE_ORIGIN}/{language}/"
    action = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{home}?q={{search_term_string}}"},
        "query-input": "required name=search_term_string",
    }
    return json_in_html(
        {
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": "tmam",
            "url": home,
            "potentialAction": action,
        }
    )


def json_in_html(data: dict[str, Any]) -> SafeString:
    """A JSON document that is safe inside a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308 - what could leave the element is escaped above


def _event(look: Look, line: DateLine, states: Mapping[int, SaleState], language: str) -> dict[str, Any]:
    event, date, zone = look.event, line.date, ZoneInfo(line.date.time_zone)
    is_cancelled = line.state is SaleState.CANCELLED
    address = settings.SITE_ORIGIN + event_path(language, event.id, event.slug, date.ordinal)
    offers = [
        _offer(event, type_, line, states.get(type_.ordinal, line.state), language)
        for type_ in look.types_of(date.ordinal)
    ]
    described: dict[str, Any] = {
        "@type": TYPES.get(event.kind, "Event"),
        "@id": address,
        "url": address,
        "name": _text(event.title, language),
        "startDate": date.starts_at.astimezone(zone).isoformat(),
        "endDate": date.ends_at.astimezone(zone).isoformat(),
        "eventStatus": "https://schema.org/" + ("EventCancelled" if is_cancelled else "EventScheduled"),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "image": settings.SITE_ORIGIN + poster_path(event.id, event.poster_seed),
        "location": _place(event),
        "organizer": {
            "@type": "Organization",
            "name": event.organizer.name,
            "url": f"{settings.SITE_ORIGIN}/{language}/o/{event.organizer.slug}/",
        },
        "offers": [{**offer, "url": address} for offer in offers],
    }
    if date.doors_at:
        described["doorTime"] = date.doors_at.astimezone(zone).isoformat()
    if summary := _text(event.summary, language):
        described["description"] = summary
    if event.performers:
        described["performer"] = [{"@type": "PerformingGroup", "name": name} for name in event.performers]
    return described


def _offer(
    event: Event, type_: TicketType, line: DateLine, state: SaleState, language: str
) -> dict[str, Any]:
    state = state if line.state.is_open else line.state
    return {
        "@type": "Offer",
        "name": _text(type_.name, language),
        "price": str(Money(type_.price_minor, event.currency).decimal),
        "priceCurrency": event.currency,
        "availability": f"https://schema.org/{_AVAILABILITY[state]}",
        "validFrom": line.date.sales_start_at.isoformat(),
        "validThrough": line.date.sales_end_at.isoformat(),
    }


def _place(event: Event) -> dict[str, Any]:
    venue = event.venue
    address = {
        "@type": "PostalAddress",
        "streetAddress": venue.street,
        "postalCode": venue.postal_code,
        "addressLocality": venue.city,
        "addressRegion": venue.region,
        "addressCountry": venue.country,
    }
    place: dict[str, Any] = {
        "@type": "Place",
        "name": venue.name,
        "address": {name: value for name, value in address.items() if value},
    }
    if venue.latitude is not None and venue.longitude is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": venue.latitude, "longitude": venue.longitude}
    return place


def _text(texts: dict[str, str], language: str) -> str:
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")
