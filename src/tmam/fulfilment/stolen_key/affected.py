"""Who was affected by a stolen key: the orders whose codes were replaced, as a table for the organizer."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tmam.orders.models import Order
from tmam.platform.models import LogEntry

ORDERS_AT_ONCE: Final = 500
COLUMNS: Final = ("booking_reference", "name", "email", "language", "tickets", "replaced_at")
FORMULA_BEGINS: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Affected:
    """One order: whom to tell, and how many tickets got new codes. Name and address are "" for who was forgotten."""

    booking_reference: str
    name: str
    email: str
    language: str
    tickets: int
    replaced_at: str


def affected_orders(event_id: int, key_id: int) -> Iterator[Affected]:
    """The orders whose codes were replaced because this key was stolen, in the order of their ids."""
    counted: dict[UUID, tuple[int, str]] = {}
    facts = LogEntry.objects.filter(
        event_id=event_id, name="order.codes_replaced", data__reason="key_stolen", data__key_id=key_id
    ).order_by("at", "id")
    for data, at in facts.values_list("data", "at").iterator(chunk_size=ORDERS_AT_ONCE):
        order_id = UUID(data["order_id"])
        tickets, _ = counted.get(order_id, (0, ""))
        counted[order_id] = tickets + data["tickets"], at.isoformat(timespec="seconds")
    for ids in _groups(sorted(counted)):
        for order in Order.objects.filter(event_id=event_id, id__in=ids).order_by("id"):
            tickets, at_text = counted[order.id]
            yield Affected(order.booking_reference, order.name, order.email, order.language, tickets, at_text)


def affected_table(orders: Iterator[Affected]) -> tuple[str, int]:
    """The table as CSV (UTF-8, with a header), and how many orders it has; no cell begins a formula."""
    text, count = io.StringIO(), 0
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for each in orders:
        table.writerow([_harmless(str(getattr(each, column))) for column in COLUMNS])
        count += 1
    return text.getvalue(), count


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_BEGINS) else cell


def _groups(ids: list[UUID]) -> Iterator[list[UUID]]:
    for begin in range(0, len(ids), ORDERS_AT_ONCE):
        yield ids[begin : begin + ORDERS_AT_ONCE]
