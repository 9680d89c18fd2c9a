"""A booking with its tickets, without the way through the till."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.gates.guests import issue
from tmam.catalog.models import Event
from tmam.kernel.ids import new_booking_reference, new_uuid7
from tmam.orders.models import Order


def make_order(event: Event, *names: str, state: str = "confirmed") -> Order:
    """An order with one ticket for each name; none of them if it awaits payment."""
    now = datetime.now(UTC)
    order = Order.objects.create(
        event_id=event.id,
        id=new_uuid7(now),
        booking_reference=new_booking_reference(event.id),
        state=state,
        organizer_id=event.organizer_id,
        checkout_id=new_uuid7(now),
        hold_id=new_uuid7(now),
        email="ana@buyers.example",
        name=names[0],
        language="en",
        currency="EUR",
        total_minor=4500 * len(names),
        lines=[],
        terms_version="1",
        confirmed_at=now if state == "confirmed" else None,
    )
    if state == "confirmed":
        issue(event, *names, order_id=order.id, booking_reference=order.booking_reference, now=now)
    return order
