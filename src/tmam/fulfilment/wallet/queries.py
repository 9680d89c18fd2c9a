"""Which tickets of an order live in which phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tmam.fulfilment.wallet.models import WalletTicket
from tmam.orders.order_summary import OrderSummary


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
