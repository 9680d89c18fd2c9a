"""Who a ticket is for: name and document, sealed in the table, plain in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog

from tmam.platform.data_keys import data_keys_for, open_data_key
from tmam.platform.errors import SealBrokenError
from tmam.platform.sealed_columns import HOLDER_DOCUMENT, HOLDER_NAME, DataKey, key_id_of
from tmam.platform.statements import Verb

if TYPE_CHECKING:  # the hot shell runs this module without Django
    from tmam.tickets.models import Ticket
    from tmam.tickets.rows import TicketRow

log = structlog.get_logger("tmam.tickets")


def sealed_holder(key: DataKey, serial: int, name: str, document: str) -> tuple[bytes | None, bytes | None]:
    """A holder as the row of a ticket keeps it; None for what is not known."""
    return (
        HOLDER_NAME.seal(key, serial, name.encode()) if name else None,
        HOLDER_DOCUMENT.seal(key, serial, document.encode()) if document else None,
    )


def opened_names(event_id: int, stored: Sequence[tuple[int, bytes | memoryview | None]]) -> Verb[list[str]]:
    """The names of tickets of one event, from (serial, as stored); "" where there is none.

    A name that cannot be opened is "" too and written into the log: a gate must not turn a guest away for it.
    """
    keys = yield from data_keys_for(event_id, (value for _, value in stored))
    names = []
    for serial, value in stored:
        try:
            names.append(HOLDER_NAME.open(keys, event_id, serial, bytes(value)).decode() if value else "")
        except SealBrokenError as error:
            log.warning("holder_name_unreadable", event_id=event_id, serial=error.row)
            names.append("")
    return names


def opened_document(ticket: TicketRow | Ticket) -> Verb[str]:
    """The document of a ticket's holder; "" where none was asked for.

    Raises:
        SealBrokenError: it cannot be opened.
    """
    if not ticket.document_encrypted:
        return ""
    stored = bytes(ticket.document_encrypted)
    keys = yield from data_keys_for(ticket.event_id, [stored])
    return HOLDER_DOCUMENT.open(keys, ticket.event_id, ticket.serial, stored).decode()


def needs_key(event_id: int, stored: bytes | memoryview | None) -> bool:
    """Whether opening this value means asking the database for its key first."""
    key_id = key_id_of(bytes(stored)) if stored else None
    return key_id is not None and open_data_key(event_id, key_id) is None
