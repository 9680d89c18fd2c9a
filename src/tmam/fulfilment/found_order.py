"""One order with all that its files show, in one question: for the moment in which everybody downloads.

The order and its tickets are of now. The catalogue is as of its digest, which is at most `FACTS_KEPT_S` old: what is
drawn from it may be kept under that digest.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tmam.fulfilment.kept_files import Digests, facts_of
from tmam.orders.models import Order
from tmam.orders.order_summary import OrderSummary, summarize_as_of
from tmam.platform.statements import Row, Rows, Step, Verb, statement
from tmam.tickets.models import Ticket

_FIND = statement("tmam.fulfilment", "find_order")
ORDER_COLUMNS: Final = tuple(each.attname for each in Order._meta.concrete_fields)  # noqa: SLF001 - Django's way to ask
TICKET_COLUMNS: Final = tuple(each.attname for each in Ticket._meta.concrete_fields)  # noqa: SLF001 - as above
_LINES: Final = ORDER_COLUMNS.index("lines")
_ORDER_AT: Final = 3
_TICKETS_AT: Final = _ORDER_AT + len(ORDER_COLUMNS)
_SERIAL: Final = _TICKETS_AT + TICKET_COLUMNS.index("serial")


@dataclass(frozen=True)
class FoundOrder:
    """An order, its tickets by serial, what its files are drawn from, and when all of its links were last stopped."""

    order: Order
    tickets: Sequence[Ticket]
    digests: Digests
    links_stopped_at: datetime | None

    def summary(self) -> OrderSummary:
        """With its event, dates and types."""
        return summarize_as_of(self.order, self.tickets, self.digests.facts)


def look_for_order(event_id: int, reference: str) -> Step:
    """The step that finds the order with this booking reference (canonical form); `found_order` reads its rows."""
    return _FIND, (event_id, reference)


def found_order(rows: Rows) -> Verb[FoundOrder]:
    """What `look_for_order` found: one row or more, in any order."""
    links_stopped_at, tickets_digest, dates, *_ = rows[0]
    order = _order(rows[0])
    tickets = [_ticket(row) for row in sorted(rows, key=_serial) if row[_SERIAL] is not None]
    facts = yield from facts_of(order.event_id, dates)
    return FoundOrder(order, tickets, Digests(tickets_digest, facts), links_stopped_at)


def _serial(row: Row) -> int:
    return row[_SERIAL] or 0


def _order(row: Row) -> Order:
    values = list(row[_ORDER_AT:_TICKETS_AT])
    values[_LINES] = json.loads(values[_LINES])
    return Order.from_db("default", ORDER_COLUMNS, values)


def _ticket(row: Row) -> Ticket:
    return Ticket.from_db("default", TICKET_COLUMNS, row[_TICKETS_AT:])
