"""Reading tickets."""

from __future__ import annotations

from uuid import UUID

from tmam.platform.statements import Verb, statement
from tmam.tickets.errors import TicketNotFoundError
from tmam.tickets.rows import TicketRow

_TICKETS_OF_ORDER = statement("tmam.tickets", "tickets_of_order")
_TICKET = statement("tmam.tickets", "ticket")


def tickets_of_order(event_id: int, order_id: UUID) -> Verb[list[TicketRow]]:
    """Every ticket of an order, whatever its state, by serial; empty for an order we do not know."""
    rows = yield _TICKETS_OF_ORDER, (event_id, order_id)
    return [TicketRow(*row) for row in rows]


def ticket(event_id: int, serial: int) -> Verb[TicketRow]:
    """One ticket, whatever its state.

    Raises:
        TicketNotFoundError: the event has no ticket of that serial.
    """
    rows = yield _TICKET, (event_id, serial)
    if not rows:
        raise TicketNotFoundError(serial)
    return TicketRow(*rows[0])
