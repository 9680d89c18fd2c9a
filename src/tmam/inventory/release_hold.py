"""Give held places back, sell them, or end them because their time has run out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from tmam.inventory import errors
from tmam.inventory.counter_keys import is_pool, pool_of_counter
from tmam.inventory.holds import Hold, read_holds
from tmam.inventory.seat_maps import MapKey, lock_seat_maps, put_seat_maps, without
from tmam.platform.statements import Verb, statement

LAPSED_AT_ONCE: Final = 2_000


def release_hold(event_id: int, hold_id: UUID, visitor_id: UUID, now: datetime) -> Verb[None]:
    """Put a visitor's own places back on sale. Releasing twice, or after expiry, does nothing more.

    Locks the hold's counters and seat maps.

    Raises:
        HoldNotFoundError: no such hold of this visitor. HoldEndedError: it was bought.
    """
    (refusal,) = yield from release_holds(event_id, [(hold_id, visitor_id)], now)
    if refusal is not None:
        raise refusal


def release_holds(
    event_id: int, wanted: Sequence[tuple[UUID, UUID]], now: datetime
) -> Verb[list[errors.InventoryError | None]]:
    """Put places back on sale, each `(hold id, visitor id)` as `release_hold` does; answers None or what it raises."""
    holds = yield from read_holds(event_id, sorted({hold_id for hold_id, _ in wanted}))
    own = {
        hold_id: holds[hold_id]
        for hold_id, visitor_id in wanted
        if hold_id in holds and holds[hold_id].visitor_id == visitor_id
    }
    live = [hold for hold in own.values() if hold.state == "held"]
    released: set[UUID] = set()
    if live:
        yield from _lock_counters(event_id, {id_ for hold in live for id_ in hold.counter_ids})
        maps = yield from lock_seat_maps(event_id, {key for hold in live for key in _map_keys(hold)})
        rows = yield (
            statement("tmam.inventory", "release_holds"),
            (event_id, sorted(hold.id for hold in live), now),
        )
        yield from put_seat_maps(event_id, maps, without(maps, [row[1:] for row in rows if row[0] is None]))
        released = {UUID(int=row[0].int) for row in rows if row[0] is not None}
    # What was live when it was read and could not be released was bought or has lapsed this moment.
    late = [hold.id for hold in live if hold.id not in released]
    ended = (yield from read_holds(event_id, late)) if late else {}
    answers: list[errors.InventoryError | None] = []
    for hold_id, visitor_id in wanted:
        hold = ended.get(hold_id) or own.get(hold_id)
        if hold is None or hold.visitor_id != visitor_id:
            answers.append(errors.HoldNotFoundError())
        else:
            was_bought = hold.state == "converted"
            answers.append(errors.HoldEndedError(state=hold.state) if was_bought else None)
    return answers


def convert_holds(
    event_id: int, hold_ids: Sequence[UUID], now: datetime, holds: Mapping[UUID, Hold] | None = None
) -> Verb[dict[UUID, Hold | errors.InventoryError]]:
    """Sell what is held; part of the transaction that confirms the orders. Locks the counters first.

    `holds`: what the caller has read of them in this very transaction.

    Answers per hold id: the hold as it was sold, or why it could not be (its places went back on sale, or it
    had been converted before: HoldEndedError with state `converted`).
    """
    if holds is None:
        holds = yield from read_holds(event_id, list(hold_ids))
    yield from _lock_counters(event_id, {id_ for hold in holds.values() for id_ in hold.counter_ids})
    rows = yield statement("tmam.inventory", "convert_holds"), (event_id, sorted(holds), now)
    sold = {UUID(int=id_.int) for (id_,) in rows}
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


def expire_holds(event_id: int, counter_ids: Collection[int], now: datetime, limit: int) -> Verb[int]:
    """End up to `limit` expired holds whose pools are all among these counters; returns how many.

    Only the pools are locked beforehand: what else a lapsed hold drew on is locked by giving it back.
    """
    pools = sorted(counter_id for counter_id in counter_ids if is_pool(counter_id))
    yield from _lock_counters(event_id, pools)
    maps = yield from lock_seat_maps(event_id, {pool_of_counter(pool)[:2] for pool in pools})
    rows = yield statement("tmam.inventory", "reclaim_holds"), (event_id, now, pools, limit, [])
    yield from put_seat_maps(event_id, maps, without(maps, [row[2:5] for row in rows if row[0] is None]))
    return next((row[5] for row in rows if row[5] is not None), 0)


def end_lapsed_holds(event_id: int, now: datetime, limit: int = LAPSED_AT_ONCE) -> Verb[int]:
    """End an event's expired holds, the longest expired first; returns how many.

    For who was refused by a limit that lapsed holds may still count for: then asked again, nobody is in the way
    who should not be.
    """
    rows = yield statement("tmam.inventory", "expired_of_event"), (event_id, now, limit)
    if not rows:
        return 0
    return (yield from expire_holds(event_id, {id_ for (ids,) in rows for id_ in ids}, now, len(rows)))


def _lock_counters(event_id: int, counter_ids: Collection[int]) -> Verb[None]:
    yield statement("tmam.inventory", "lock_counters"), (event_id, sorted(counter_ids))


def _map_keys(hold: Hold) -> set[MapKey]:
    return {(line.date, segment) for line in hold.lines if line.seats for segment in line.segments}
