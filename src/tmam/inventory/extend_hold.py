"""Give a visitor more time: once on request, and for as long as a payment is on its way."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tmam.inventory import errors
from tmam.inventory.holds import Hold, decode_hold, read_holds
from tmam.platform.statements import Verb, statement


def extend_hold(
    event_id: int, hold_id: UUID, visitor_id: UUID, extension_minutes: int, now: datetime
) -> Verb[Hold]:
    """Extend a live hold by the event's extension, once.

    Raises:
        HoldNotFoundError: no such hold of this visitor. HoldExpiredError, HoldEndedError: too late.
        AlreadyExtendedError: it had its extension.
    """
    rows = yield (
        statement("tmam.inventory", "extend_hold"),
        (event_id, hold_id, visitor_id, now, extension_minutes),
    )
    if rows:
        return decode_hold(event_id, rows[0])
    hold = yield from own_hold(event_id, hold_id, visitor_id)
    raise why_not_live(hold, now) or errors.AlreadyExtendedError(expires_at=hold.expires_at)


def keep_for_payment(event_id: int, hold_id: UUID, visitor_id: UUID, until: datetime) -> Verb[Hold]:
    """Keep a hold at least until `until` while its payment is on its way. Safe to repeat.

    A hold past its time is kept too, as long as nobody has reclaimed it.

    Raises:
        HoldNotFoundError, HoldExpiredError, HoldEndedError.
    """
    rows = yield statement("tmam.inventory", "keep_for_payment"), (event_id, hold_id, visitor_id, until)
    if rows:
        return decode_hold(event_id, rows[0])
    hold = yield from own_hold(event_id, hold_id, visitor_id)
    raise why_not_live(hold, until) or errors.HoldEndedError(state=hold.state)


def own_hold(event_id: int, hold_id: UUID, visitor_id: UUID) -> Verb[Hold]:
    """A visitor's own hold, in whatever state.

    Raises:
        HoldNotFoundError: there is none, or it is somebody else's; the answer does not tell which.
    """
    holds = yield from read_holds(event_id, [hold_id])
    hold = holds.get(hold_id)
    if hold is None or hold.visitor_id != visitor_id:
        raise errors.HoldNotFoundError
    return hold


def why_not_live(hold: Hold, now: datetime) -> errors.InventoryError | None:
    """The error that tells why a hold no longer reserves anything, or None if it does."""
    if hold.state == "expired" or (hold.state == "held" and hold.expires_at <= now):
        return errors.HoldExpiredError(expired_at=hold.expires_at)
    if hold.state != "held":
        return errors.HoldEndedError(state=hold.state)
    return None
