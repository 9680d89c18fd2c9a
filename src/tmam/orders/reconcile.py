"""Finish what was interrupted: lost answers, crashed conversions, refunds on their way, forgotten baskets.

The worker calls this every few seconds. Each piece of work stands alone: one that fails is logged, and tried
again later, without stopping the others: what was never tried comes first, what fails rests between tries.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog
from django.db.models import Exists, F, OuterRef, Q

from tmam.inventory.errors import InventoryError
from tmam.inventory.extend_hold import keep_for_payment
from tmam.orders.convert_checkout import convert_checkout
from tmam.orders.models import Checkout, CheckoutHold, CheckoutState
from tmam.orders.progress import Progress, progress_of, record_answer
from tmam.orders.queries import load_holds
from tmam.orders.rules import (
    ABANDONED_AFTER,
    ASK_EVERY,
    CONVERT_EVERY,
    KEEP_AHEAD,
    PAYMENT_GRACE,
    REFUND_EVERY,
    should_give_up,
    states_before,
)
from tmam.payments.gateways import gateway_named
from tmam.payments.models import Payment, PaymentState, Refund
from tmam.payments.ports import Approved, Declined, Redirect
from tmam.payments.queries import latest_payment, refunds_to_carry_out, undecided_payments
from tmam.payments.refund import carry_out_refund, claim_refund
from tmam.payments.rules import UNDECIDED
from tmam.payments.settle_payment import claim_question
from tmam.platform.statements import run_verb

log = structlog.get_logger("tmam.orders")

BATCH = 100  # of each kind of work per round


def reconcile_once(now: datetime, *, batch: int = BATCH) -> int:
    """Do every piece of waiting work once, `batch` of each kind; returns how many were brought to an end. Not in a transaction."""
    done = 0
    for payment in undecided_payments(now - ASK_EVERY, batch):
        done += _guarded("ask_gateway", payment.id, functools.partial(_ask, payment, now))
    for checkout_id in _interrupted_checkouts(now - CONVERT_EVERY, batch):
        done += _guarded("convert", checkout_id, functools.partial(_convert, checkout_id, now))
    for refund in refunds_to_carry_out(now - REFUND_EVERY, batch):
        done += _guarded("refund", refund.id, functools.partial(_carry_out, refund, now))
    return done + _abandon_forgotten(now)


def look_again(checkout: Checkout, now: datetime) -> Progress:
    """Where a checkout stands, asking the gateway if nobody did in the last seconds: for the waiting buyer."""
    payment = latest_payment(checkout.id)
    if checkout.state == CheckoutState.PAYING:
        if payment is not None and payment.state in UNDECIDED:
            _ask(payment, now)
        else:
            convert_checkout(checkout.id, now)
    return progress_of(Checkout.objects.get(id=checkout.id))


def return_from_bank(checkout: Checkout, now: datetime, *, request_id: str = "") -> Progress:
    """The buyer came back from the bank's page: ask at once what was decided there."""
    payment = latest_payment(checkout.id)
    if payment is not None and payment.state in UNDECIDED:
        return record_answer(
            payment.id, gateway_named(payment.gateway).ask(payment.id), now, request_id=request_id
        )
    return progress_of(checkout)


def stop_payment(checkout: Checkout, now: datetime, *, request_id: str = "") -> Progress:
    """The buyer wants to pay another way while the bank is still asking: stop this payment first."""
    payment = latest_payment(checkout.id)
    if payment is not None and payment.state == PaymentState.CONFIRMING:
        outcome = gateway_named(payment.gateway).cancel(payment.id)
        return record_answer(payment.id, outcome, now, request_id=request_id)
    return progress_of(checkout)


def _ask(payment: Payment, now: datetime) -> bool:
    if not claim_question(payment, now - ASK_EVERY, now):
        return False
    gateway = gateway_named(payment.gateway)
    outcome = gateway.ask(payment.id)
    # The bank may be asking the buyer although we crashed before we noted that.
    is_confirming = payment.state == PaymentState.CONFIRMING or isinstance(outcome, Redirect)
    if not isinstance(outcome, Approved | Declined) and should_give_up(
        is_confirming=is_confirming, started_at=payment.started_at, now=now
    ):
        outcome = gateway.cancel(payment.id)
    if not isinstance(outcome, Approved | Declined):
        _keep_places(payment.checkout_id, now)
    record_answer(payment.id, outcome, now)
    return isinstance(outcome, Approved | Declined)


def _keep_places(checkout_id: UUID, now: datetime) -> None:
    """While we cannot know whether the money was taken, its places must not be sold to somebody else."""
    for hold in load_holds(CheckoutHold.objects.filter(checkout_id=checkout_id)).values():
        if hold.state != "held" or hold.expires_at > now + KEEP_AHEAD:
            continue
        try:
            run_verb(keep_for_payment(hold.event_id, hold.id, hold.visitor_id, now + PAYMENT_GRACE))
        except InventoryError:
            log.warning("place_lost_while_paying", hold_id=str(hold.id))


def _interrupted_checkouts(tried_before: datetime, most: int) -> list[UUID]:
    """Checkouts being paid for which no payment is undecided: paid or free, and not converted yet."""
    undecided = Payment.objects.filter(checkout_id=OuterRef("id"), state__in=UNDECIDED)
    paying = Checkout.objects.filter(
        Q(tried_at=None) | Q(tried_at__lt=tried_before), ~Exists(undecided), state=CheckoutState.PAYING
    )
    in_turn = paying.order_by(F("tried_at").asc(nulls_first=True), "opened_at")
    return list(in_turn.values_list("id", flat=True)[:most])


def _convert(checkout_id: UUID, now: datetime) -> bool:
    Checkout.objects.filter(id=checkout_id).update(tried_at=now)
    return convert_checkout(checkout_id, now)


def _carry_out(refund: Refund, now: datetime) -> bool:
    return claim_refund(refund, now - REFUND_EVERY, now) and carry_out_refund(refund, now)


def _abandon_forgotten(now: datetime) -> int:
    """Close open checkouts whose holds ran out long ago, and forget the names in them."""
    forgotten = Checkout.objects.filter(
        state__in=states_before(CheckoutState.ABANDONED), opened_at__lt=now - ABANDONED_AFTER
    )
    return forgotten.update(state=CheckoutState.ABANDONED, finished_at=now, holders={}, phone="")


def _guarded(what: str, id_: UUID, work: Callable[[], bool]) -> int:
    try:
        return int(work())
    except Exception:
        log.exception("reconcile_failed", what=what, id=str(id_))
        return 0
