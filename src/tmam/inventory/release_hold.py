"""Give held places back, sell them, or end them because their time has run out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tmam.inventory import errors
from tmam.inventory.extend_hold import own_hold
from tmam.inventory.holds import Hold, read_holds
from tmam.platform.statements import Verb, statement


def release_hold(event_id: int, hold_id: UUID, visitor_id: UUID, now: datetime) -> Verb[None]:
    """Put a visitor's own places back on sale. Releasing twice, or after expiry, does nothing more.

    Raises:
        HoldNotFoundError: no such hold of this visitor. HoldEndedError: it was bought.
    """
    hold = yield from own_hold(event_id, hold_id, visitor_id)
    released = yield from _end(event_id, [hold], now, "release_holds")
    if not released and hold.state == "converted":
        raise errors.HoldEndedError(state=hold.state)


def convert_holds(
    event_id: int, hold_ids: Sequence[UUID], now: datetime
) -> Verb[dict[UUID, Hold | errors.InventoryError]]:
    """Sell what is held; part of the transaction that confirms the orders. Locks the counters first.

    Answers per hold id: the hold as it was sold, or why it could not be (its places went back on sale, or it
    had been converted before: HoldEndedError with state `converted`).
    """
    holds = yield from read_holds(event_id, list(hold_ids))
    sold = yield from _end(event_id, list(holds.values()), now, "convert_holds")
    answers: dict[UUID, Hold | errors.InventoryError] = {}
    lost = [hold_id for hold_id in hold_ids if hold_id not in sold]
    current = (yield from read_holds(event_id, lost)) if lost else {}
    for hold_id in hold_ids:
        if hold_id in sold:
            answers[hold_id] = holds[hold_id]
        elif hold_id not in current:
            answers[hold_id] = errors.HoldNotFoundError()
        elif current[hold_id].state == "expired":
            answers[hold_id] = errors.HoldExpiredError(expired_at=current[hold_id].expires_at)
        else:
            answers[hold_id] = errors.HoldEndedError(state=current[hold_id].state)
    return answers


def expire_holds(event_id: int, counter_ids: Sequence[int], now: datetime, limit: int) -> Verb[int]:
    """End up to `limit` expired holds that draw only on these counters; returns how many."""
    yield statement("tmam.inventory", "lock_counters"), (event_id, sorted(counter_ids))
    rows = yield statement("tmam.inventory", "reclaim_holds"), (event_id, now, sorted(counter_ids), limit)
    return rows[0][2] if rows else 0


def _end(event_id: int, holds: Sequence[Hold], now: datetime, how: str) -> Verb[set[UUID]]:
    counter_ids = sorted({counter_id for hold in holds for counter_id in hold.counter_ids})
    yield statement("tmam.inventory", "lock_counters"), (event_id, counter_ids)
    rows = yield statement("tmam.inventory", how), (event_id, sorted(hold.id for hold in holds), now)
    return {UUID(int=id_.int) for (id_,) in rows}
