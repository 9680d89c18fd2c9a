"""A signing key was stolen: it is marked, a new one signs from now on, and its tickets get new codes batch by batch.

Who could read the key could read the event's secret for live digits, which lies beside it: it is renewed by the mark.

From the mark on, gates take nothing that key signed (`gates.read_code`): not what a thief makes up, nor the codes
that are on record, which a thief can make too. Each batch is one transaction, so an interruption costs nothing: run
it again and it goes on where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tmam.platform.event_log import Fact, log_facts
from tmam.platform.statements import Verb, statement
from tmam.tickets.errors import NoSigningKeyError
from tmam.tickets.live_masters import renew_live_master
from tmam.tickets.replace_tickets import Replacement, replace_tickets
from tmam.tickets.rows import TicketRow
from tmam.tickets.signing_keys import keys_on_record, load_signing_key, make_signing_key

# About a tenth of a second of signing and writing; gates wait for their ticket's row that long at most.
TICKETS_AT_ONCE: Final = 500
REASON: Final = "key_stolen"

_MARK_STOLEN = statement("tmam.tickets", "mark_key_stolen")
_TICKETS_OF_KEY = statement("tmam.tickets", "tickets_of_key")
_COUNT_OF_KEY = statement("tmam.tickets", "count_of_key")


@dataclass(frozen=True)
class Waiting:
    """Tickets whose present code a stolen key signed: still to be replaced, and those out of generations."""

    replaceable: int
    exhausted: int


def declare_stolen(
    event_id: int, key_id: int, *, actor: str, now: datetime, private_key: bytes | None = None
) -> Verb[datetime]:
    """Trust nothing a key signed, from now on; returns since when. Said again, it changes nothing.

    If no newer key is good, one is made in the same transaction (`private_key` as in `make_signing_key`), and the master
    of live digits is renewed. Logs `event.key_stolen`.

    Raises:
        NoSigningKeyError: the event has no such key.
        SigningKeysExhaustedError, KeyKeeperAwayError: see `make_signing_key`.
    """
    keys = yield from keys_on_record(event_id)
    if key_id not in keys:
        raise NoSigningKeyError(event_id)
    marked = yield _MARK_STOLEN, (event_id, key_id, now)
    if not marked:
        return keys[key_id].stolen_at or now  # another process was faster
    newer = [other for other, key in keys.items() if other > key_id and key.stolen_at is None]
    signs_now = max(newer) if newer else (yield from make_signing_key(event_id, now, private_key))
    is_renewed = yield from renew_live_master(event_id, now)
    data = {"key_id": key_id, "new_key_id": signs_now, "live_renewed": is_renewed}
    yield from log_facts(event_id, [Fact("event.key_stolen", now, actor, data)])
    return now


def replace_batch(
    event_id: int, key_id: int, *, actor: str, now: datetime, limit: int = TICKETS_AT_ONCE
) -> Verb[list[TicketRow]]:
    """Give up to `limit` valid tickets of a stolen key new codes, the lowest serials first; none left: an empty list.

    A ticket that is bound to a device stays bound to it. Logs `ticket.replaced` for each, and
    `order.codes_replaced` for each order, which mails hang on.
    """
    rows = yield _TICKETS_OF_KEY, (event_id, key_id, limit)
    if not rows:
        return []
    key = yield from load_signing_key(event_id)
    wanted = [
        Replacement(serial, generation, bytes(device_key) if device_key is not None else None)
        for serial, generation, device_key in rows
    ]
    replaced = yield from replace_tickets(event_id, wanted, key, reason=REASON, actor=actor, now=now)
    orders: dict[UUID, int] = {}
    for row in replaced:
        orders[row.order_id] = orders.get(row.order_id, 0) + 1
    facts = [
        Fact(
            "order.codes_replaced",
            now,
            actor,
            {"order_id": str(order_id), "reason": REASON, "key_id": key_id, "tickets": tickets},
        )
        for order_id, tickets in orders.items()
    ]
    yield from log_facts(event_id, facts)
    return replaced


def waiting(event_id: int, key_id: int) -> Verb[Waiting]:
    """How many valid tickets still have a code by this key."""
    ((replaceable, exhausted),) = yield _COUNT_OF_KEY, (event_id, key_id)
    return Waiting(replaceable, exhausted)
