"""Book moves of money. An entry moves one positive amount from one account to another: balanced by shape."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tmam.kernel.ids import ID_BITS, new_uuid7
from tmam.platform.statements import Step, Verb, each_of, statement

PLATFORM_FEES = "platform:fees"
_RECORD_ENTRIES = statement("tmam.ledger", "record_entries")


@dataclass(frozen=True)
class Move:
    """One move of money; `cause` is what brought it about (`order`, `refund`) and `cause_id` its id."""

    from_account: str
    to_account: str
    amount_minor: int
    currency: str
    cause: str
    cause_id: UUID


def gateway_account(gateway: str) -> str:
    """The money that a payment gateway holds for us."""
    return f"gateway:{gateway}"


def sales_account(organizer_id: int) -> str:
    """What an organizer has earned."""
    return f"organizer:{organizer_id}:sales"


def tax_account(organizer_id: int) -> str:
    """What an organizer owes to the tax office."""
    return f"organizer:{organizer_id}:tax"


def record_entries(event_id: int, moves: Sequence[Move], now: datetime) -> Verb[None]:
    """Book the moves of one event, part of the caller's transaction; moves of nothing are left out."""
    yield from each_of(entry_steps(event_id, moves, now))


def entry_steps(event_id: int, moves: Sequence[Move], now: datetime) -> list[Step]:
    """The steps of `record_entries`, for who merges them with others."""
    moves = [move for move in moves if move.amount_minor != 0]
    if not moves:
        return []
    first_bits = secrets.randbits(ID_BITS)
    return [
        (
            _RECORD_ENTRIES,
            (
                event_id,
                now,
                [new_uuid7(now, first_bits + number) for number in range(len(moves))],
                [move.from_account for move in moves],
                [move.to_account for move in moves],
                [move.amount_minor for move in moves],
                [move.currency for move in moves],
                [move.cause for move in moves],
                [move.cause_id for move in moves],
            ),
        )
    ]
