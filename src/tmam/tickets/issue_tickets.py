"""Issue tickets: take serials, sign the tokens, write the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tmam.kernel.place import Place
from tmam.kernel.token import TokenBody, encode_token, token_sha256
from tmam.platform.data_keys import newest_data_key, opened_key
from tmam.platform.sealed_columns import DataKey
from tmam.platform.statements import Step, Verb, each_of, statement
from tmam.tickets.holders import sealed_holder
from tmam.tickets.rules import packed_place, token_validity
from tmam.tickets.signing_keys import LoadedKey

# Bounds one statement's size and one transaction's time (about 90 µs of signing each).
MAX_TICKETS_AT_ONCE = 10_000

_NEXT_SERIALS = statement("tmam.tickets", "next_serials")
_INSERT_TICKETS = statement("tmam.tickets", "insert_tickets")


@dataclass(frozen=True)
class TicketWanted:
    """A ticket to issue, with everything that its row and its token need.

    `seat` is the number in the seat plan, `place` what the token says, `place_label` what people read
    ("Stalls · row 4 · seat 12", or the area's name).
    Name and document are plain here and sealed in the row.
    The ticket admits from `valid_from` until before `valid_until` (aware instants).
    """

    order_id: UUID
    booking_reference: str
    date_ordinal: int
    ticket_type: int
    price_minor: int
    currency: str
    valid_from: datetime
    valid_until: datetime
    seat: int | None = None
    place: Place | None = None
    place_label: str = ""
    holder_name: str = ""
    document: str = field(default="", repr=False)


@dataclass(frozen=True)
class IssuedTicket:
    """A ticket that was issued: its serial, its token (146 characters), and what it was made from."""

    serial: int
    token: str
    wanted: TicketWanted


def issue_tickets(
    event_id: int, wanted: Sequence[TicketWanted], key: LoadedKey, now: datetime
) -> Verb[list[IssuedTicket]]:
    """Issue tickets of one event, of one order or of many, in the caller's transaction.

    Serials are dense and in the order of `wanted`. Locks the event's serial row until commit, so take it after
    the locks on counters and holds. Emits nothing: the caller logs what it was for.

    Raises:
        ValueError: the key is another event's, too many at once, or a number that no token can carry.
    """
    issued, steps = yield from sign_tickets(event_id, wanted, key, now)
    yield from each_of(steps)
    return issued


def sign_tickets(
    event_id: int, wanted: Sequence[TicketWanted], key: LoadedKey, now: datetime
) -> Verb[tuple[list[IssuedTicket], list[Step]]]:
    """`issue_tickets` up to the writing: the tickets, and the step that writes them, for who merges it with others."""
    if key.event_id != event_id:
        raise ValueError(f"key of event {key.event_id} cannot sign tickets of event {event_id}")
    if len(wanted) > MAX_TICKETS_AT_ONCE:
        raise ValueError(f"{len(wanted)} tickets are more than the {MAX_TICKETS_AT_ONCE} issued at once")
    if not wanted:
        return [], []
    ((last_serial, key_id, wrapped),) = yield _NEXT_SERIALS, (event_id, len(wanted))
    if key_id is not None:
        data_key = opened_key(event_id, key_id, wrapped)
    else:
        data_key = yield from newest_data_key(event_id, now)
    first_serial = last_serial - len(wanted) + 1
    issued = [
        IssuedTicket(
            serial, encode_token(_new_body(event_id, serial, ticket, key.key_id), key.private_key), ticket
        )
        for serial, ticket in enumerate(wanted, start=first_serial)
    ]
    return issued, [(_INSERT_TICKETS, (event_id, key.key_id, now, *_columns(issued, data_key)))]


def _new_body(event_id: int, serial: int, ticket: TicketWanted, key_id: int) -> TokenBody:
    valid_from, duration, unit = token_validity(ticket.valid_from, ticket.valid_until)
    return TokenBody(
        key_id=key_id,
        generation=0,
        event_id=event_id,
        date_ordinal=ticket.date_ordinal,
        serial=serial,
        ticket_type=ticket.ticket_type,
        valid_from=valid_from,
        duration=duration,
        duration_unit=unit,
        place=ticket.place,
    )


def _columns(issued: Sequence[IssuedTicket], data_key: DataKey) -> tuple[list[object], ...]:
    """The arrays of `insert_tickets.sql`, $4 onwards."""
    rows = [
        (
            one.serial,
            one.wanted.order_id,
            one.wanted.booking_reference,
            one.wanted.date_ordinal,
            one.wanted.ticket_type,
            one.wanted.seat,
            packed_place(one.wanted.place),
            one.wanted.place_label,
            *sealed_holder(data_key, one.serial, one.wanted.holder_name, one.wanted.document),
            one.wanted.price_minor,
            one.wanted.currency,
            token_sha256(one.token),
            one.wanted.valid_from,
            one.wanted.valid_until,
        )
        for one in issued
    ]
    return tuple(list(column) for column in zip(*rows, strict=True))
