"""Passes in pockets, for the tests of what changes them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings

from tests.cast import NOW
from tmam.fulfilment.apple.models import AppleRegistration
from tmam.fulfilment.apple.numbers import PassNumber, pass_number
from tmam.fulfilment.apple.registrations import register
from tmam.platform.event_log import Fact, log_facts
from tmam.platform.statements import Verb, run_verb
from tmam.tickets.models import Ticket
from tmam.tickets.replace_tickets import Replacement, replace_tickets
from tmam.tickets.rows import TicketRow
from tmam.tickets.signing_keys import load_signing_key


def number_of(ticket: Ticket, generation: int = 0) -> str:
    """The serial number of the pass that shows this ticket since that generation."""
    return pass_number(settings.SECRET_KEY, PassNumber(ticket.event_id, ticket.serial, generation))


def in_pocket(
    ticket: Ticket, *, device: str = "", push_token: str = "", now: datetime = NOW
) -> AppleRegistration:
    """A phone that holds the ticket's pass."""
    device = device or secrets.token_hex(16)
    number = number_of(ticket, ticket.generation)
    register(
        device=device,
        number=number,
        of=PassNumber(ticket.event_id, ticket.serial, ticket.generation),
        ticket=ticket,
        push_token=push_token or secrets.token_hex(32),
        now=now,
    )
    return AppleRegistration.objects.get(device=device, number=number)


def tell(event_id: int, name: str, now: datetime = NOW, **data: object) -> None:
    """A fact as another capability logs it."""
    run_verb(log_facts(event_id, [Fact(name, now, "system", dict(data))]))


def date_changed(event_id: int, ordinal: int = 1, now: datetime = NOW) -> None:
    """What the studio logs when a date was moved."""
    changes = {"starts_at": ["2026-12-11T12:00:00+00:00", "2026-12-11T13:00:00+00:00"]}
    tell(event_id, "date.changed", now, date=ordinal, revision=1, changes=changes)


def renew(ticket: Ticket, reason: str, now: datetime = NOW) -> None:
    """A new generation of a ticket."""

    def verb() -> Verb[list[TicketRow]]:
        key = yield from load_signing_key(ticket.event_id)
        wanted = [Replacement(ticket.serial, ticket.generation)]
        return (
            yield from replace_tickets(ticket.event_id, wanted, key, reason=reason, actor="system", now=now)
        )

    run_verb(verb())
    ticket.refresh_from_db(fields=["generation", "token_sha256", "key_id"])


@contextmanager
def pushing_to(url: str) -> Iterator[None]:
    """Let this process push there."""
    before = settings.TMAM
    import msgspec

    settings.TMAM = msgspec.structs.replace(before, apple_push_url=url)
    try:
        yield
    finally:
        settings.TMAM = before
