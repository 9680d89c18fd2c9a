"""Reading tickets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tmam.platform.statements import Verb, statement
from tmam.tickets.errors import TicketNotFoundError
from tmam.tickets.rows import TicketRow

_TICKETS_OF_ORDER = statement("tmam.tickets", "tickets_of_order")
_TICKET = statement("tmam.tickets", "ticket")
_KEYS_IN_USE = statement("tmam.tickets", "keys_in_use")


@dataclass(frozen=True)
class KeyInUse:
    """One signing key of an event, and how many valid tickets have their present code by it."""

    key_id: int
    keeper: str
    made_at: datetime
    stolen_at: datetime | None
    tickets: int


def keys_in_use(event_id: int) -> Verb[list[KeyInUse]]:
    """Every signing key of an event, by id."""
    rows = yield _KEYS_IN_USE, (event_id,)
    return [KeyInUse(*row) for row in rows]


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
