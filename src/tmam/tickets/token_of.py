"""The code of an issued ticket, made again: signing is deterministic, so rows keep only its hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tmam.kernel.bound_token import certificate_sha256, sign_certificate
from tmam.kernel.token import TokenBody, encode_token, token_sha256
from tmam.tickets.errors import TicketBoundError
from tmam.tickets.rows import TicketRow
from tmam.tickets.rules import token_validity, unpacked_place
from tmam.tickets.signing_keys import LoadedKey

if TYPE_CHECKING:  # the hot shell runs this module without Django
    from tmam.tickets.models import Ticket


def token_of(ticket: TicketRow | Ticket, key: LoadedKey) -> str:
    """The 146 characters of an issued ticket, from its row and the key that signed it.

    Raises:
        TicketBoundError: only the ticket's device can make its code.
        ValueError: it is not that key, or the row was changed behind the program's back: the token would not
            be the one on record.
    """
    if ticket.device_key is not None:
        raise TicketBoundError(ticket.serial)
    token = encode_token(body_of(ticket, key.key_id), _checked(ticket, key).private_key)
    if token_sha256(token) != bytes(ticket.token_sha256):
        raise ValueError(
            f"the row of ticket {ticket.event_id}/{ticket.serial} does not give the token on record"
        )
    return token


def certificate_of(ticket: TicketRow | Ticket, key: LoadedKey) -> bytes:
    """The 122 bytes that bind an issued ticket to its device, from its row and the key that signed it.

    Raises:
        ValueError: the ticket is bound to no device, or see `token_of`.
    """
    if ticket.device_key is None:
        raise ValueError(f"ticket {ticket.event_id}/{ticket.serial} is bound to no device")
    certificate = sign_certificate(
        body_of(ticket, key.key_id), bytes(ticket.device_key), _checked(ticket, key).private_key
    )
    if certificate_sha256(certificate) != bytes(ticket.token_sha256):
        raise ValueError(
            f"the row of ticket {ticket.event_id}/{ticket.serial} does not give the certificate on record"
        )
    return certificate


def body_of(ticket: TicketRow | Ticket, key_id: int, generation: int | None = None) -> TokenBody:
    """What the ticket's code says, in its present or another generation."""
    valid_from, duration, unit = token_validity(ticket.valid_from, ticket.valid_until)
    return TokenBody(
        key_id=key_id,
        generation=ticket.generation if generation is None else generation,
        event_id=ticket.event_id,
        date_ordinal=ticket.date_ordinal,
        serial=ticket.serial,
        ticket_type=ticket.ticket_type,
        valid_from=valid_from,
        duration=duration,
        duration_unit=unit,
        place=unpacked_place(ticket.token_place),
    )


def _checked(ticket: TicketRow | Ticket, key: LoadedKey) -> LoadedKey:
    if (key.event_id, key.key_id) != (ticket.event_id, ticket.key_id):
        raise ValueError(f"ticket {ticket.event_id}/{ticket.serial} was signed with key {ticket.key_id}")
    return key
