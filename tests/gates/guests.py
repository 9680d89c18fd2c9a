"""Guests at a gate: issued tickets and attempts to enter with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.cast import NOW, make_event
from tmam.catalog.models import Date, Event
from tmam.gates.attempts import Attempt
from tmam.kernel.ids import new_booking_reference, new_uuid7
from tmam.platform.statements import run_verb
from tmam.tickets.issue_tickets import IssuedTicket, TicketWanted, issue_tickets
from tmam.tickets.signing_keys import LoadedKey, load_signing_key

DEVICE = UUID(int=0xD1)


def make_event_tonight(now: datetime = NOW, **fields: Any) -> Event:
    """An event whose doors opened half an hour ago; it starts in half an hour and lasts three hours."""
    return make_event(now=now, starts_in=timedelta(minutes=30), **fields)


def issue(
    event: Event, *names: str, date_ordinal: int = 1, now: datetime = NOW, **fields: Any
) -> list[IssuedTicket]:
    """Tickets of one order, one for each name, valid for the whole date."""
    key = run_verb(load_signing_key(event.id))
    return issue_with(event, key, *names, date_ordinal=date_ordinal, now=now, **fields)


def issue_with(
    event: Event,
    key: LoadedKey,
    *names: str,
    date_ordinal: int = 1,
    now: datetime = NOW,
    **fields: Any,
) -> list[IssuedTicket]:
    """`issue`, signed by a key that is not necessarily the newest."""
    date = Date.objects.get(event=event, ordinal=date_ordinal)
    defaults: dict[str, Any] = {
        "order_id": new_uuid7(now),
        "booking_reference": new_booking_reference(event.id),
        "date_ordinal": date_ordinal,
        "ticket_type": 1,
        "price_minor": 4500,
        "currency": "EUR",
        "valid_from": (date.doors_at or date.starts_at) - timedelta(hours=1),
        "valid_until": date.ends_at,
    }
    wanted = [
        TicketWanted(**(defaults | fields | {"holder_name": name})) for name in names or ("Maria Oliva",)
    ]
    return run_verb(issue_tickets(event.id, wanted, key, now))


def attempt(code: str = "", **fields: Any) -> Attempt:
    """One scan at gate 1, with a nonce of its own."""
    defaults: dict[str, Any] = {
        "id": uuid4(),
        "device_id": DEVICE,
        "nonce": uuid4(),
        "gate_number": 1,
        "at": NOW,
    }
    return Attempt(code=code, **(defaults | fields))
