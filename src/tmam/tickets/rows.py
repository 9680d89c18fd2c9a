"""A ticket as the database has it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from tmam.platform.statements import Rows, Verb
from tmam.tickets.holders import opened_names


@dataclass(frozen=True)
class TicketRow:
    """One row of `tickets_ticket`, whichever driver read it; the fields are in the statements' column order.

    `holder_name` is opened already; `document_encrypted` is opened by `holders.opened_document` where it is needed.
    `seat` is the number in the seat plan, `token_place` the place as signed (see `rules.unpacked_place`).
    """

    event_id: int
    serial: int
    generation: int
    state: str
    order_id: UUID
    booking_reference: str
    date_ordinal: int
    ticket_type: int
    seat: int | None
    place_label: str
    token_place: bytes | None
    holder_name: str
    document_encrypted: bytes | None
    price_minor: int
    currency: str
    key_id: int
    token_sha256: bytes
    valid_from: datetime
    valid_until: datetime
    issued_at: datetime
    device_key: bytes | None = None


_COLUMNS = [field.name for field in fields(TicketRow)]
_SERIAL, _HOLDER = _COLUMNS.index("serial"), _COLUMNS.index("holder_name")


def opened_rows(event_id: int, rows: Rows) -> Verb[list[TicketRow]]:
    """Rows of one event as the statements give them, their sealed names opened."""
    names = yield from opened_names(event_id, [(row[_SERIAL], row[_HOLDER]) for row in rows])
    return [
        TicketRow(*(*row[:_HOLDER], name, *row[_HOLDER + 1 :])) for row, name in zip(rows, names, strict=True)
    ]
