"""Reading tickets."""

from __future__ import annotations

from dataclasses import fields
from uuid import UUID

from tmam.platform.statements import Rows, Verb, statement
from tmam.tickets.errors import TicketNotFoundError
from tmam.tickets.holders import opened_names
from tmam.tickets.rows import TicketRow

_TICKETS_OF_ORDER = statement("tmam.tickets", "tickets_of_order")
_TICKET = statement("tmam.tickets", "ticket")
_COLUMNS = [field.name for field in fields(TicketRow)]
_SERIAL, _HOLDER = _COLUMNS.index("serial"), _COLUMNS.index("holder_name")


def tickets_of_order(event_id: int, order_id: UUID) -> Verb[list[TicketRow]]:
    """Every ticket of an order, whatever its state, by serial; empty for an order we do not know."""
    rows = yield _TICKETS_OF_ORDER, (event_id, order_id)
    return (yield from _opened(event_id, rows))


def ticket(event_id: int, serial: int) -> Verb[TicketRow]:
    """One ticket, whatever its state.

    Raises:
        TicketNotFoundError: the event has no ticket of that serial.
    """
    rows = yield _TICKET, (event_id, serial)
    if not rows:
        raise TicketNotFoundError(serial)
    (found,) = yield from _opened(event_id, rows)
    return found


def _opened(event_id: int, rows: Rows) -> Verb[list[TicketRow]]:
    names = yield from opened_names(event_id, [(row[_SERIAL], row[_HOLDER]) for row in rows])
    return [
        TicketRow(*(*row[:_HOLDER], name, *row[_HOLDER + 1 :])) for row, name in zip(rows, names, strict=True)
    ]
