"""Which way a recovery may move, and when. Pure.

Each path is as strong as what it replaces. A forgotten password is replaced by the mailbox (and, before it, the
second factor). A lost second factor is replaced by a recovery code, by another factor, or by all of: the password, the
mailbox, a person of ours who looked, and a waiting time in which the owner hears of it everywhere and can say no. A
lost mailbox is replaced by the password and the second factor, or by the password, a new mailbox, a person of ours
and the same waiting time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tmam.accounts.models import RecoveryState

MOVES: Final[dict[RecoveryState, frozenset[RecoveryState]]] = {
    RecoveryState.UNPROVEN: frozenset({RecoveryState.ASKED}),
    RecoveryState.ASKED: frozenset(
        {RecoveryState.APPROVED, RecoveryState.REFUSED, RecoveryState.CANCELLED, RecoveryState.LAPSED}
    ),
    RecoveryState.APPROVED: frozenset(
        {RecoveryState.COMPLETED, RecoveryState.REFUSED, RecoveryState.CANCELLED, RecoveryState.LAPSED}
    ),
    RecoveryState.COMPLETED: frozenset(),
    RecoveryState.REFUSED: frozenset(),
    RecoveryState.CANCELLED: frozenset(),
    RecoveryState.LAPSED: frozenset(),
}

PROVE_WITHIN: Final = timedelta(hours=1)  # the link that proves the mailbox
DECIDE_WITHIN: Final = timedelta(days=30)
COMPLETE_WITHIN: Final = timedelta(days=14)  # after it is ready; then it must be asked for again
TELL_AHEAD: Final = timedelta(hours=24)
YOUNG_PASSWORD: Final = timedelta(days=30)  # set by a mailed code so lately, it proves little; staff are told


def states_before(state: RecoveryState) -> list[RecoveryState]:
    """The states from which a request may move to `state`."""
    return [before for before, after in MOVES.items() if state in after]


def ready_at(approved_at: datetime, wait_hours: int) -> datetime:
    """When an approved request may be completed."""
    return approved_at + timedelta(hours=wait_hours)


def may_complete(state: RecoveryState, ready: datetime | None, now: datetime) -> bool:
    """Whether the waiting is over, and not so long ago that everybody has forgotten it."""
    return state == RecoveryState.APPROVED and ready is not None and ready <= now < ready + COMPLETE_WITHIN
