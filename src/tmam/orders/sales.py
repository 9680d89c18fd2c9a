"""Reads for whoever sells: what was bought lately, and of which ticket types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Sum

from tmam.orders.models import Order
from tmam.platform.newest import newest
from tmam.platform.statements import Verb, statement
from tmam.tickets.models import Ticket


@dataclass(frozen=True)
class CurrencySales:
    """What was sold in one currency: orders, tickets in them, and what buyers paid, fees and tax included."""

    currency: str
    orders: int
    tickets: int
    total_minor: int


@dataclass(frozen=True)
class TypeSales:
    """What was sold of one ticket type of an event: valid tickets, and what buyers paid for them."""

    ticket_type: int
    tickets: int
    total_minor: int


def sales_since(event_ids: Sequence[int], since: datetime) -> Verb[list[CurrencySales]]:
    """The confirmed orders of some events from an instant on, by currency."""
    rows = yield statement("tmam.orders", "sales_since"), (list(event_ids), since)
    return [CurrencySales(*row) for row in rows]


def latest_orders(event_ids: Sequence[int], now: datetime, limit: int) -> list[Order]:
    """The newest orders of some events, newest first; whatever became of them since."""
    return newest(Order.objects.filter(event_id__in=event_ids), "confirmed_at", now=now, limit=limit)


def tickets_in(order: Order) -> int:
    """How many tickets were bought with an order."""
    return sum(line["quantity"] for line in order.lines)


def sales_by_type(event_id: int) -> dict[int, TypeSales]:
    """An event's valid tickets by type; types of which nothing is sold are absent. Reads each ticket once."""
    rows = (
        Ticket.objects.filter(event_id=event_id, state="valid")
        .values_list("ticket_type")
        .annotate(tickets=Count("serial"), total_minor=Sum("price_minor"))
    )
    return {type_: TypeSales(type_, tickets, int(total)) for type_, tickets, total in rows}
