"""Count a hold for people and cards as they become known: at the checkout, and before a card is charged.

The limits are counters like all others, so two holds of one person cannot pass a limit together, whatever the hurry.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from tmam.catalog.offers import Offer
from tmam.inventory.counter_keys import kind_of
from tmam.inventory.draws import Limit, limits_for
from tmam.inventory.errors import HoldEndedError, LimitReachedError
from tmam.inventory.extend_hold import own_hold, why_not_live
from tmam.inventory.holds import Hold
from tmam.kernel.errors import TmamError
from tmam.platform.statements import Step, Verb, statement


def claim_limits(
    offer: Offer, hold_id: UUID, visitor_id: UUID, identities: Mapping[str, str], now: datetime
) -> Verb[None]:
    """Count a hold for identities (`email`, `account`, `phone`, `card`), and no longer for others of the same kinds.

    An empty identity counts it for nobody of that kind any more. `offer` has the hold's dates. Safe to repeat. Over
    a limit nothing changes: the hold stays as it was, so that another card may pay. Locks the counters.

    Raises:
        LimitReachedError: more than this identity may have. HoldNotFoundError, HoldExpiredError.
        HoldEndedError: it has; in the state `held`, another request counted it this moment, so ask again.
    """
    hold = yield from own_hold(offer.event_id, hold_id, visitor_id)
    dead = why_not_live(hold, now)
    if dead is not None and hold.state != "held":
        raise dead
    zone = offer.date_by_ordinal[hold.lines[0].date].time_zone
    wanted = {limit.counter_id: limit for limit in limits_for(offer, identities, hold.channel, zone, now)}
    kinds = {"card_day", *identities} if "card" in identities else set(identities)
    gone = {
        counter_id: quantity
        for counter_id, quantity in zip(hold.counter_ids, hold.counter_quantities, strict=True)
        if kind_of(counter_id) in kinds and counter_id not in wanted
    }
    new = [limit for counter_id, limit in sorted(wanted.items()) if counter_id not in hold.counter_ids]
    if not new and not gone:
        return
    refusal = yield from _check(offer.event_id, hold, new, gone)
    if refusal is not None:
        current = yield from own_hold(offer.event_id, hold_id, visitor_id)
        raise refusal if current.counter_ids == hold.counter_ids else _changed_meanwhile(current, now)
    rows = yield _claim_step(offer.event_id, hold, new, gone)
    if not rows:
        raise _changed_meanwhile((yield from own_hold(offer.event_id, hold_id, visitor_id)), now)


def _claim_step(event_id: int, hold: Hold, new: Sequence[Limit], gone: Mapping[int, int]) -> Step:
    """Count the hold for the new limits and no longer for those that are gone."""
    kept = [
        (id_, quantity)
        for id_, quantity in zip(hold.counter_ids, hold.counter_quantities, strict=True)
        if id_ not in gone
    ] + [(limit.counter_id, hold.quantity) for limit in new]
    return (
        statement("tmam.inventory", "claim_limits"),
        (
            event_id,
            hold.id,
            list(hold.counter_ids),
            [limit.counter_id for limit in new],
            [limit.kind for limit in new],
            [limit.most for limit in new],
            [hold.quantity for _ in new],
            list(gone),
            list(gone.values()),
            [id_ for id_, _ in kept],
            [quantity for _, quantity in kept],
        ),
    )


def _check(
    event_id: int, hold: Hold, new: Collection[Limit], gone: Collection[int]
) -> Verb[LimitReachedError | None]:
    """Lock the counters; answers the first limit that the hold would pass."""
    ids = sorted({limit.counter_id for limit in new}.union(gone))
    rows = yield statement("tmam.inventory", "lock_counters"), (event_id, ids)
    used = {id_: held + sold for id_, _, held, sold in rows}
    for limit in new:
        left = limit.most - used.get(limit.counter_id, 0)
        if hold.quantity > left:
            return LimitReachedError(limit=limit.kind, most=limit.most, left=max(left, 0))
    return None


def _changed_meanwhile(hold: Hold, now: datetime) -> TmamError:
    """The hold ended, or another request counted it this very moment: whoever asks again finds it done."""
    return why_not_live(hold, now) or HoldEndedError(state=hold.state)
