"""A ticket as the database has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


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
