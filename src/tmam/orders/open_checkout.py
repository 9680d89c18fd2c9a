"""Put a hold into a visitor's basket, take it out, give it more time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from tmam.catalog.models import Event
from tmam.inventory.errors import AlreadyExtendedError, HoldEndedError, HoldNotFoundError
from tmam.inventory.extend_hold import extend_hold, own_hold, why_not_live
from tmam.inventory.release_hold import release_hold
from tmam.kernel.ids import new_uuid7
from tmam.orders.claim_identities import claim_identities
from tmam.orders.errors import (
    BasketFullError,
    CheckoutClosedError,
    CheckoutNotFoundError,
    PaymentRunningError,
)
from tmam.orders.identities import account_identity
from tmam.orders.models import Checkout, CheckoutHold, CheckoutState
from tmam.orders.queries import load_holds
from tmam.orders.rules import BASKET_TAKES_MORE_FOR, MAX_HOLDS
from tmam.platform.statements import run_verb, run_verb_retrying


def add_hold(
    *, visitor_id: UUID | None, event_id: int, hold_id: UUID, language: str, now: datetime
) -> Checkout:
    """Attach a visitor's hold to their open checkout of the event's currency; opens one when there is none.

    Safe to repeat: a hold that lies in a checkout already answers with that checkout, whatever its state.

    Raises:
        HoldNotFoundError: no such hold, or not this visitor's. HoldExpiredError, HoldEndedError: too late.
        BasketFullError: the checkout holds as much as it may.
    """
    if visitor_id is None:
        raise HoldNotFoundError
    hold = run_verb(own_hold(event_id, hold_id, visitor_id))
    attached = _checkout_of(hold_id, visitor_id)
    if attached is not None:
        return attached
    reason = why_not_live(hold, now)
    if reason is not None:
        raise reason
    currency = Event.objects.values_list("currency", flat=True).get(id=event_id)
    try:
        with transaction.atomic():
            checkout = _open_for(visitor_id, currency, language, now)
            if checkout.holds.count() >= MAX_HOLDS:
                raise BasketFullError(most=MAX_HOLDS)
            CheckoutHold.objects.create(checkout=checkout, event_id=event_id, hold_id=hold_id, added_at=now)
            Checkout.objects.filter(id=checkout.id).update(language=language)
    except IntegrityError:  # the same hold was attached this moment by a second click
        attached = _checkout_of(hold_id, visitor_id)
        if attached is None:
            raise
        return attached
    return checkout


def claim_account(checkout: Checkout, user_id: int | None, now: datetime) -> None:
    """Count what lies in an open checkout for the account that is signed in; nothing changes for who is not.

    Raises:
        LimitReachedError: more than this account may have; the places stay reserved, and paying asks again.
        HoldExpiredError, HoldEndedError: some were lost this moment.
    """
    if user_id is None or checkout.state != CheckoutState.OPEN:
        return
    holds = [hold for hold in load_holds(checkout.holds.all()).values() if hold.state == "held"]
    account = {"account": account_identity(user_id)}
    claim_identities(holds, account, now, before={"account": ""})


def remove_hold(*, checkout_id: UUID, visitor_id: UUID, event_id: int, hold_id: UUID, now: datetime) -> None:
    """Take a hold out of an open checkout and put its places back on sale. Removing twice does nothing more.

    Raises:
        CheckoutNotFoundError, CheckoutClosedError, PaymentRunningError.
    """
    with transaction.atomic():
        checkout = lock_open(checkout_id, visitor_id)
        removed, _ = CheckoutHold.objects.filter(
            checkout=checkout, event_id=event_id, hold_id=hold_id
        ).delete()
        checkout.holders.pop(str(hold_id), None)
        Checkout.objects.filter(id=checkout.id).update(holders=checkout.holders)
    if removed:  # a crash here leaves the places to their expiry
        try:
            run_verb_retrying(lambda: release_hold(event_id, hold_id, visitor_id, now))
        except HoldEndedError:
            return  # bought in the meantime through another checkout: nothing to give back


def extend_checkout(*, checkout_id: UUID, visitor_id: UUID, now: datetime) -> None:
    """Give every hold of an open checkout its one extension.

    Raises:
        AlreadyExtendedError: all of them had it. HoldExpiredError: none is live any more.
        CheckoutNotFoundError, CheckoutClosedError, PaymentRunningError.
    """
    with transaction.atomic():
        checkout = lock_open(checkout_id, visitor_id)
    holds = [hold for hold in load_holds(checkout.holds.all()).values() if hold.state == "held"]
    live = [hold for hold in holds if hold.is_live(now)]
    if not live:
        reason = why_not_live(holds[0], now) if holds else None
        raise reason or HoldNotFoundError()
    waiting = [hold for hold in live if hold.extensions == 0]
    if not waiting:
        raise AlreadyExtendedError(expires_at=min(hold.expires_at for hold in live))
    minutes = dict(
        Event.objects.filter(id__in={hold.event_id for hold in waiting}).values_list(
            "id", "extension_minutes"
        )
    )
    for hold in waiting:
        verb = extend_hold(hold.event_id, hold.id, visitor_id, minutes[hold.event_id], now)
        try:
            run_verb(verb)
        except AlreadyExtendedError:
            continue  # a second click extended it this moment


def lock_open(checkout_id: UUID, visitor_id: UUID | None) -> Checkout:
    """Lock a visitor's open checkout until the end of the caller's transaction.

    Raises:
        CheckoutNotFoundError: none of this visitor's. PaymentRunningError: it is being paid.
        CheckoutClosedError: it was paid or given up.
    """
    if visitor_id is None:
        raise CheckoutNotFoundError
    checkout = Checkout.objects.select_for_update().filter(id=checkout_id, visitor_id=visitor_id).first()
    if checkout is None:
        raise CheckoutNotFoundError
    if checkout.state == CheckoutState.PAYING:
        raise PaymentRunningError
    if checkout.state != CheckoutState.OPEN:
        raise CheckoutClosedError
    return checkout


def _checkout_of(hold_id: UUID, visitor_id: UUID) -> Checkout | None:
    return Checkout.objects.filter(holds__hold_id=hold_id, visitor_id=visitor_id).first()


def _open_for(visitor_id: UUID, currency: str, language: str, now: datetime) -> Checkout:
    """The visitor's newest open checkout of a currency, locked, or a new one.

    Two first holds in the same moment may open two checkouts: the basket shows both, each with its button.
    """
    checkout = (
        Checkout.objects.select_for_update()
        .filter(visitor_id=visitor_id, currency=currency, state=CheckoutState.OPEN)
        .filter(opened_at__gt=now - BASKET_TAKES_MORE_FOR)
        .order_by("-opened_at", "-id")
        .first()
    )
    if checkout is not None:
        return checkout
    return Checkout.objects.create(
        id=new_uuid7(now),
        visitor_id=visitor_id,
        currency=currency,
        language=language,
        opened_at=now,
    )
