"""Finding tickets and their uses for a gate: statements in, facts for `rules` out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tmam.gates.rules import KnownTicket, Use
from tmam.platform.statements import Row, Verb, statement
from tmam.tickets.holders import opened_names
from tmam.tickets.live_masters import opened_master

_FIND_TICKETS = statement("tmam.gates", "find_tickets")
_FIND_REDEMPTIONS = statement("tmam.gates", "find_redemptions")
_COLUMNS_OF_TICKET = 23
_COLUMNS_OF_USE = 4
_HOLDER = 6


@dataclass(frozen=True)
class FoundTickets:
    """The tickets that were found, by token hash and by serial, and how each was used, by serial.

    `live_master` is the event's secret for live digits, if it was asked for and exists.
    """

    by_sha256: dict[bytes, KnownTicket]
    by_serial: dict[int, KnownTicket]
    uses: dict[int, Use]
    live_master: bytes | None = None


def find_tickets(
    event_id: int, hashes: Iterable[bytes], serials: Iterable[int], *, with_master: bool = False
) -> Verb[FoundTickets]:
    """Look up tickets of one event; locks their rows FOR SHARE, in order of serial. One statement, master included."""
    wanted = sorted(set(hashes)), sorted(set(serials))
    if not any(wanted):
        return FoundTickets({}, {}, {})
    rows = yield _FIND_TICKETS, (event_id, *wanted, with_master)
    names = yield from opened_names(event_id, [(row[0], row[_HOLDER]) for row in rows])
    tickets = [_ticket(row, name) for row, name in zip(rows, names, strict=True)]
    columns_of_use = slice(_COLUMNS_OF_TICKET, _COLUMNS_OF_TICKET + _COLUMNS_OF_USE)
    uses = {row[0]: _use(*row[columns_of_use]) for row in rows if row[_COLUMNS_OF_TICKET] is not None}
    stored = rows[0][-1] if rows else None
    master = (yield from opened_master(event_id, stored)) if stored is not None else None
    return FoundTickets(
        {ticket.token_sha256: ticket for ticket in tickets},
        {ticket.serial: ticket for ticket in tickets},
        uses,
        master,
    )


def find_uses(event_id: int, tickets: Collection[KnownTicket]) -> Verb[dict[int, Use]]:
    """How these tickets were used by now, by serial, uses of this very transaction included."""
    if not tickets:
        return {}
    dates = {ticket.serial: ticket.date_ordinal for ticket in tickets}
    rows = yield _FIND_REDEMPTIONS, (event_id, sorted(dates))
    return {row[0]: _use(*row[2:]) for row in rows if dates[row[0]] == row[1]}


def _ticket(row: Row, holder_name: str) -> KnownTicket:
    serial, generation, state, sha256, date_ordinal, reference, _sealed, place, *rest = row[
        :_COLUMNS_OF_TICKET
    ]
    valid_from, valid_until, ticket_type, title, is_off, starts_at, ends_at, doors_at, time_zone, *more = rest
    demands_live, is_key_stolen, is_date_changed, entrance, remark, former = more
    return KnownTicket(
        serial=serial,
        generation=generation,
        state=state,
        token_sha256=bytes(sha256),
        date_ordinal=date_ordinal,
        booking_reference=reference,
        holder_name=holder_name,
        place_label=place,
        valid_from=valid_from,
        valid_until=valid_until,
        ticket_type=json.loads(ticket_type or "{}"),
        event_title=json.loads(title),
        is_off=is_off,
        starts_at=starts_at,
        ends_at=ends_at,
        doors_at=doors_at,
        time_zone=time_zone,
        demands_live=demands_live,
        is_key_stolen=is_key_stolen,
        is_date_changed=is_date_changed,
        entrance=json.loads(entrance),
        remark=remark,
        former_sha256=bytes(former) if former is not None else None,
    )


def _use(scan_id: UUID, gate_number: int, gate_name: str | None, at: datetime) -> Use:
    return Use(scan_id, gate_name or str(gate_number), at)
