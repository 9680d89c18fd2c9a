"""Compose the face of a ticket from the catalogue and the ticket's row."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext

from tmam.catalog import when
from tmam.catalog.models import Date, Event, TicketType, TransferPolicy, Venue
from tmam.delivery.faces import TicketFace
from tmam.delivery.themes import TicketTheme
from tmam.kernel.money import Money
from tmam.kernel.texts import in_language
from tmam.tickets.models import Ticket
from tmam.tickets.rows import TicketRow


def compose_face(
    *,
    event: Event,
    date: Date,
    ticket_type: TicketType,
    ticket: Ticket | TicketRow,
    token: str,
    language: str,
    theme: TicketTheme | None = None,
    poster_svg: bytes | None = None,
) -> TicketFace:
    """The face of one ticket, in the reader's language and on the clock of the place. Reads no database.

    `event` comes with its venue and organizer loaded, `token` from `tickets.issue_tickets.token_of`.
    Without a `theme` the organizer's colour is all there is.
    """
    title = in_language(event.title, language)
    stretch = date.stretch
    venue = event.venue if stretch is None else stretch.origin
    with translation.override(language):
        return TicketFace(
            language=language,
            booking_reference=ticket.booking_reference,
            serial=ticket.serial,
            token=token,
            # On a trip, what counts at the door is from where to where.
            event_title=title if stretch is None else str(stretch),
            organizer_name=event.organizer.name,
            day=when.day_words(date),
            time=when.start_words(date),
            zone=when.zone_words(date),
            ends=when.end_words(date) if when.is_span(date) else "",
            doors=when.clock_words(date, date.doors_at) if date.doors_at else "",
            entrance=in_language(date.entrance, language),
            date_label=in_language(date.label, language) if stretch is None else f"{stretch.code} · {title}",
            venue_name=venue.name,
            venue_address=venue_address(venue),
            place=ticket.place_label,
            ticket_type=in_language(ticket_type.name, language),
            holder_name=ticket.holder_name,
            price=Money(ticket.price_minor, ticket.currency).format(language),
            transfer_policy=transfer_policy_sentence(event.transfer_policy),
            issued_at=ticket.issued_at,
            instructions=_instructions(date, ticket_type),
            is_trip=stretch is not None,
            theme=theme or TicketTheme(accent_hue=event.organizer.accent_hue),
            poster_svg=poster_svg,
        )


def transfer_policy_sentence(policy: str) -> str:
    """What a holder may do with the ticket, in one plain sentence of the active language."""
    if policy == TransferPolicy.FREE:
        return gettext("You can give your ticket to somebody else: whoever brings it gets in.")
    if policy == TransferPolicy.NAME_CHANGE:
        return gettext("The ticket carries a name. You can pass it on by changing the name.")
    return gettext("The ticket is personal: only the person named on it gets in, and it cannot be passed on.")


def venue_address(venue: Venue) -> str:
    """Street and town in one line; the town is left out where the place is called after it."""
    town = "" if venue.city == venue.name else f"{venue.postal_code} {venue.city}".strip()
    return ", ".join(part for part in (venue.street, town) if part)


def _instructions(date: Date, ticket_type: TicketType) -> tuple[str, ...]:
    opening = when.opening_words(date)
    sentences = [
        *([opening] if opening else []),
        gettext("Have the code ready: on your phone with the screen bright, or printed on white paper."),
        gettext(
            "The code admits one person, once. Do not share pictures of it: whoever comes first gets in."
        ),
    ]
    if ticket_type.asks_document:
        sentences.append(gettext("Bring the identity document whose number you gave."))
    elif ticket_type.asks_name:
        sentences.append(gettext("Bring an identity document with your name."))
    return tuple(sentences)
