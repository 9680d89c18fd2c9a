"""Replacing tickets: a new generation with a new code; whatever showed the old one admits nobody any more.

Why it happens is the caller's to say: bound to a device or freed from it, handed on, its date moved, its key stolen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tmam.kernel.bound_token import certificate_sha256, sign_certificate
from tmam.kernel.token import encode_token, token_sha256
from tmam.platform.event_log import Fact, log_facts
from tmam.platform.statements import Verb, statement
from tmam.tickets.errors import TicketChangedError
from tmam.tickets.rows import TicketRow, opened_rows
from tmam.tickets.signing_keys import LoadedKey
from tmam.tickets.token_of import body_of

LAST_GENERATION = 255

_LOCK_TICKETS = statement("tmam.tickets", "lock_tickets")
_REPLACE_TICKETS = statement("tmam.tickets", "replace_tickets")


@dataclass(frozen=True)
class Replacement:
    """A ticket to replace, as the caller saw it: `generation` must still be its present one.

    `device_key` (32 bytes) binds the new generation to a device; None makes a code that anything can show.
    `validity` moves from and until (aware instants); None keeps them.
    """

    serial: int
    generation: int
    device_key: bytes | None = None
    validity: tuple[datetime, datetime] | None = None


def replace_tickets(
    event_id: int,
    wanted: Sequence[Replacement],
    key: LoadedKey,
    *,
    reason: str,
    actor: str,
    now: datetime,
    keeps_former: bool = False,
) -> Verb[list[TicketRow]]:
    """Give tickets of one event a new generation signed by `key`, all or none; logs `ticket.replaced` for each.

    Returns the rows as they are now, by serial. `reason` is a short word for machines (`bound`, `freed`, `renewed`, `key_stolen`).
    `keeps_former`: of tickets that stay bound, the code before admits as well for now (`former_codes`).

    Raises:
        TicketChangedError: one of them does not exist, is not valid, has another generation by now, or had its last.
        ValueError: the key is another event's, or see `bound_token.sign_certificate`.
    """
    if key.event_id != event_id:
        raise ValueError(f"key of event {key.event_id} cannot sign tickets of event {event_id}")
    if not wanted:
        return []
    by_serial = {each.serial: each for each in wanted}
    rows = yield _LOCK_TICKETS, (event_id, sorted(by_serial))
    found = {row.serial: row for row in (yield from opened_rows(event_id, rows))}
    renewed = [_renewed(found.get(serial), by_serial[serial], key) for serial in sorted(by_serial)]
    columns = zip(
        *(
            (
                each.serial,
                each.generation,
                each.token_sha256,
                each.device_key,
                each.valid_from,
                each.valid_until,
            )
            for each in renewed
        ),
        strict=True,
    )
    yield _REPLACE_TICKETS, (event_id, key.key_id, *(list(column) for column in columns), keeps_former)
    yield from log_facts(event_id, [_fact(each, reason, actor, now) for each in renewed])
    return renewed


def _renewed(row: TicketRow | None, wanted: Replacement, key: LoadedKey) -> TicketRow:
    if (
        row is None
        or row.state != "valid"
        or row.generation != wanted.generation
        or row.generation >= LAST_GENERATION
    ):
        raise TicketChangedError(wanted.serial)
    valid_from, valid_until = wanted.validity or (row.valid_from, row.valid_until)
    next_row = replace(
        row,
        generation=row.generation + 1,
        key_id=key.key_id,
        device_key=wanted.device_key,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    body = body_of(next_row, key.key_id)
    if wanted.device_key is None:
        return replace(next_row, token_sha256=token_sha256(encode_token(body, key.private_key)))
    certificate = sign_certificate(body, wanted.device_key, key.private_key)
    return replace(next_row, token_sha256=certificate_sha256(certificate))


def _fact(row: TicketRow, reason: str, actor: str, now: datetime) -> Fact:
    data = {
        "serial": row.serial,
        "generation": row.generation,
        "order_id": str(row.order_id),
        "is_bound": row.device_key is not None,
        "reason": reason,
    }
    return Fact("ticket.replaced", now, actor, data)
