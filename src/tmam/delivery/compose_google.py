"""Compose a Google Wallet pass from the catalogue and a ticket's row. Reads no database."""

from __future__ import annotations

import hashlib

from django.utils import translation

from tmam.catalog import when
from tmam.catalog.date_rules import admission
from tmam.catalog.models import Date, Event, TicketType, TransferPolicy
from tmam.delivery.compose_face import venue_address
from tmam.delivery.google.passes import TRANSIT_TYPES, PassFacts, TicketFacts
from tmam.delivery.themes import TicketTheme
from tmam.kernel.texts import in_language
from tmam.tickets.models import Ticket
from tmam.tickets.rows import TicketRow


def compose_pass_facts(
    *, event: Event, date: Date, theme: TicketTheme, language: str, origin: str, logo_url: str
) -> PassFacts:
    """What all tickets of a date share. `event` comes with its venue and organizer loaded, a trip with its stretch."""
    stretch = date.stretch
    venue = event.venue if stretch is None else stretch.origin
    is_trip = stretch is not None
    key = f"{event.id}-{date.ordinal}"
    with translation.override(language):
        days = when.day_words(date) if when.is_span(date) else ""
    return PassFacts(
        kind="transit" if is_trip else "eventTicket",
        key=key if stretch is None else f"{key}-{stretch.origin.pk}-{stretch.destination.pk}",
        title=event.title,
        organizer=event.organizer.name,
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        venue=venue.name,
        address=venue_address(venue),
        country=venue.country,
        accent_hue=theme.accent_hue,
        logo_url=logo_url,
        page_url=f"{origin}/{language}/e/{event.id}-{event.slug}/",
        language=language,
        code=theme.code,
        transit_type=TRANSIT_TYPES.get(event.kind, "OTHER"),
        doors_at=date.doors_at,
        entrance=in_language(date.entrance, language),
        days=days,
        latitude=venue.latitude,
        longitude=venue.longitude,
        destination=stretch.destination.name if stretch else "",
        arrives_at=stretch.arrives_at if stretch else None,
        trip_code=stretch.code if stretch else "",
    )


def compose_ticket_facts(
    *,
    event: Event,
    date: Date,
    ticket: Ticket | TicketRow,
    ticket_type: TicketType,
    suffix: str,
    token: str,
    live_secret: bytes,
    email: str,
) -> TicketFacts:
    """What one ticket's object says; `email` (the buyer's) restricts who may save it unless tickets go from hand to hand."""
    is_free = event.transfer_policy == TransferPolicy.FREE
    valid_from, valid_until = admission(date, ticket.valid_from, ticket.valid_until)
    return TicketFacts(
        suffix=suffix,
        serial=ticket.serial,
        booking_reference=ticket.booking_reference,
        ticket_type=ticket_type.name,
        holder_name=ticket.holder_name,
        place=ticket.place_label,
        token=token,
        live_secret=live_secret,
        valid_from=valid_from,
        valid_until=valid_until,
        restrict_to=""
        if is_free or not email
        else hashlib.sha256(email.strip().lower().encode()).hexdigest(),
    )
