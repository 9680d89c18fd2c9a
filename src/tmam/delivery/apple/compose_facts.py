"""Compose the structured facts of a pass from the catalogue and the ticket's row."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from tmam.catalog.date_rules import admission
from tmam.catalog.models import Date, Event, TransferPolicy, Venue
from tmam.delivery.apple.facts import PassFacts, Ride, Spot
from tmam.delivery.compose_face import venue_address
from tmam.kernel.texts import in_language
from tmam.tickets.models import Ticket
from tmam.tickets.rows import TicketRow


def compose_pass_facts(
    *,
    event: Event,
    date: Date,
    ticket: Ticket | TicketRow,
    language: str,
    order_url: str,
    tickets_url: str,
    event_url: str = "",
) -> PassFacts:
    """The facts of one ticket. Reads no database: `event` comes with its venue and organizer loaded."""
    zone = ZoneInfo(date.time_zone)
    stretch = date.stretch
    ride = None
    if stretch is not None:
        clock_there = ZoneInfo(stretch.destination.time_zone)
        ride = Ride(_spot(stretch.destination), stretch.arrives_at.astimezone(clock_there), stretch.code)
    return PassFacts(
        kind=event.kind,
        starts_at=date.starts_at.astimezone(zone),
        ends_at=date.ends_at.astimezone(zone),
        # A date that was moved goes by its new times, whatever the ticket was sold with.
        valid_until=admission(date, ticket.valid_from, ticket.valid_until)[1].astimezone(zone),
        venue=_spot(event.venue if stretch is None else stretch.origin),
        group=f"{event.id}-{date.ordinal}",
        order_url=order_url,
        tickets_url=tickets_url,
        doors_at=date.doors_at.astimezone(zone) if date.doors_at else None,
        seat_parts=tuple(filter(None, ticket.place_label.split(" · "))),
        performers=tuple(event.performers),
        ride=ride,
        may_be_passed_on=event.transfer_policy == TransferPolicy.FREE,
        event_url=event_url,
        support_email=event.organizer.email,
        terms=in_language(event.organizer.terms, language),
    )


def _spot(venue: Venue) -> Spot:
    return Spot(
        name=venue.name,
        city=venue.city,
        region=venue.region,
        address=venue_address(venue),
        latitude=venue.latitude,
        longitude=venue.longitude,
    )
