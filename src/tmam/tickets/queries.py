"""Reading tickets."""

from __future__ import annotations

from uuid import UUID

from tmam.platform.statements import Verb, statement
from tmam.tickets.errors import TicketNotFoundError
from tmam.tickets.rows import TicketRow, opened_rows

_TICKETS_OF_ORDER = statement("tmam.tickets", "tickets_of_order")
_TICKET = statement("tmam.tickets", "ticket")
_ORDERS_OF_DATE = statement("tmam.tickets", "orders_of_date")
_COUNT_OF_DATE = statement("tmam.tickets", "count_of_date")


def tickets_of_order(event_id: int, order_id: UUID) -> Verb[list[TicketRow]]:
    """Every ticket of an order, whatever its state, by serial; empty for an order we do not know."""
    rows = yield _TICKETS_OF_ORDER, (event_id, order_id)
    return (yield from opened_rows(event_id, rows))


def ticket(event_id: int, serial: int) -> Verb[TicketRow]:
    """One ticket, whatever its state.

    Raises:
        TicketNotFoundError: the event has no ticket of that serial.
    """
    rows = yield _TICKET, (event_id, serial)
    if not rows:
        raise TicketNotFoundError(serial)
    (found,) = yield from opened_rows(event_id, rows)
    return found


def orders_of_date(event_id: int, date_ordinal: int, after: UUID | None, limit: int) -> Verb[list[UUID]]:
    """The next `limit` orders with valid tickets for a date, by id; `after` is the last one of the batch before."""
    rows = yield _ORDERS_OF_DATE, (event_id, date_ordinal, after, limit)
    return [row[0] for row in rows]


def count_of_date(event_id: int, date_ordinal: int) -> Verb[tuple[int, int]]:
    """How many valid tickets a date has, and how many orders they belong to."""
    ((tickets, orders),) = yield _COUNT_OF_DATE, (event_id, date_ordinal)
    return tickets, orders
