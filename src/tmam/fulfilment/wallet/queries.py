"""Which tickets of an order live in which phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tmam.fulfilment.wallet.models import WalletTicket
from tmam.orders.order_summary import OrderSummary
from tmam.tickets.models import Ticket

MOST_SHOWN: Final = 20


@dataclass(frozen=True)
class InPhone:
    """One ticket in a phone: what the phone calls itself, since when, when it was last heard of."""

    serial: int
    label: str
    bound_at: datetime
    contact_at: datetime
    is_tampered: bool


def phones_of(order: OrderSummary) -> dict[int, InPhone]:
    """The tickets of an order that live in a phone, by serial; no read where none does."""
    keys = {
        line.ticket.serial: bytes(line.ticket.device_key)
        for line in order.valid_lines
        if line.ticket.device_key is not None
    }
    if not keys:
        return {}
    rows = WalletTicket.objects.filter(event_id=order.order.event_id, serial__in=list(keys)).order_by(
        "serial"
    )
    return {
        row.serial: InPhone(row.serial, row.label, row.bound_at, row.contact_at, row.tampered_at is not None)
        for row in rows
        if bytes(row.device_key) == keys[row.serial]
    }


@dataclass(frozen=True)
class ChangedInPhone:
    """A ticket whose phone found its own copy changed."""

    serial: int
    booking_reference: str
    label: str
    at: datetime


def changed_in_phones(event_id: int) -> list[ChangedInPhone]:
    """The newest `MOST_SHOWN` tickets of an event whose phones reported a changed copy, and which live there still."""
    rows = list(
        WalletTicket.objects.filter(event_id=event_id, tampered_at__isnull=False).order_by("-tampered_at")[
            :MOST_SHOWN
        ]
    )
    if not rows:
        return []
    tickets = Ticket.objects.filter(event_id=event_id, serial__in=[row.serial for row in rows]).exclude(
        remark=""
    )
    references = {ticket.serial: ticket.booking_reference for ticket in tickets}
    return [
        ChangedInPhone(row.serial, references[row.serial], row.label, row.tampered_at)
        for row in rows
        if row.serial in references and row.tampered_at is not None
    ]
