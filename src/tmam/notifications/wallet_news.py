"""News of tickets that went into a phone: whoever bought them is told, because files from before stop working."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from tmam.fulfilment.models import WalletTicket
from tmam.notifications.queue_mail import queue_mail
from tmam.orders.models import Order
from tmam.platform.event_log import Entry

WALLET_NEWS: Final = ("ticket.replaced",)


def owe_wallet_news(entry: Entry) -> None:
    """One mail for each time that tickets of an order went into a phone, however many they are."""
    facts = entry.data
    if facts["reason"] != "bound":
        return
    order = Order.objects.filter(event_id=entry.event_id, id=UUID(facts["order_id"])).first()
    row = WalletTicket.objects.filter(event_id=entry.event_id, serial=facts["serial"]).first()
    if order is None or not order.email or row is None:
        return
    queue_mail(
        cause=f"in-phone:{facts['order_id']}:{entry.at.isoformat()}",
        template="tickets_in_phone",
        to=order.email,
        language=order.language,
        now=entry.at,
        context={
            "event_id": entry.event_id,
            "order_id": facts["order_id"],
            "label": row.label,
            "at": entry.at.isoformat(),
        },
    )
