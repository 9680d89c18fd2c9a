"""From an order's tickets to what Google is told of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from tmam.delivery.compose_google import compose_pass_facts, compose_ticket_facts
from tmam.delivery.google.passes import Json, PassFacts, PassKind, TicketFacts
from tmam.delivery.themes import TicketTheme, is_printable_logo
from tmam.fulfilment.google.rows import PassWish
from tmam.fulfilment.order_files import tokens_of
from tmam.fulfilment.themes import theme_of
from tmam.kernel.live_digits import live_secret
from tmam.orders.order_summary import OrderSummary, TicketLine
from tmam.platform.statements import run_verb
from tmam.tickets.live_masters import live_master

Described = tuple[PassFacts, TicketFacts]
ICON = "tmam/icons/icon-512.png"


def describe_passes(
    order: OrderSummary, passes: Mapping[int, PassWish], *, language: str, now: datetime
) -> dict[int, Described]:
    """What Google is told of these passes of an order's tickets, by serial.

    A ticket that this order may not show any more (cancelled, revoked, bound to a device) gets no token, nor does one of
    another generation than the pass's: until the log has told why, its holder counts as a new one.
    """
    tokens = tokens_of(order)
    master = run_verb(live_master(order.event.id, now))
    described = {}
    for line in order.lines:
        ticket = line.ticket
        wish = passes.get(ticket.serial)
        if wish is None:
            continue
        is_held = wish.generation == ticket.generation
        described[ticket.serial] = (
            _date_facts(order, line, language),
            compose_ticket_facts(
                event=order.event,
                date=line.date,
                ticket=ticket,
                ticket_type=line.ticket_type,
                suffix=wish.suffix,
                token=tokens.get(ticket.serial, "") if is_held else "",
                live_secret=live_secret(master, ticket.event_id, ticket.serial, ticket.generation),
                email=order.order.email,
            ),
        )
    return described


def withdrawn(issuer: str, suffix: str) -> Json:
    """What Google is told of a ticket that went to somebody else."""
    return {"id": f"{issuer}.{suffix}", "state": "INACTIVE"}


def emptied(issuer: str, suffix: str, kind: PassKind) -> Json:
    """What Google is told of a withdrawn object beside: it names nobody, shows nothing and is restricted to nobody.

    Google's APIs take a field away that a patch sends as null.
    """
    name = "passengerNames" if kind == "transit" else "ticketHolderName"
    return {"id": f"{issuer}.{suffix}", name: None, "rotatingBarcode": None, "saveRestrictions": None}


def _date_facts(order: OrderSummary, line: TicketLine, language: str) -> PassFacts:
    theme = theme_of(order.event, language)
    return compose_pass_facts(
        event=order.event,
        date=line.date,
        theme=theme,
        language=language,
        origin=settings.SITE_ORIGIN,
        logo_url=settings.SITE_ORIGIN + _logo_path(order.event.organizer_id, theme),
    )


def _logo_path(organizer_id: int, theme: TicketTheme) -> str:
    """Where Google fetches the logo: the organizer's, if there is one and Google can reach us, else our icon."""
    if theme.logo is None or settings.TMAM.is_loopback or not is_printable_logo(theme.logo):
        return static(ICON)
    return reverse("brand_logo", args=[organizer_id, hashlib.sha256(theme.logo).hexdigest()])
