"""Where a payment stands, for the buyer; and what follows from each answer of the gateway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from tmam.orders.convert_checkout import convert_checkout
from tmam.orders.models import Checkout, CheckoutState
from tmam.orders.rules import ASK_EVERY, states_before
from tmam.payments.gateways import gateway_named
from tmam.payments.models import Payment, PaymentState
from tmam.payments.ports import Outcome, Redirect
from tmam.payments.queries import latest_payment
from tmam.payments.settle_payment import Settlement, settle_payment
from tmam.platform.event_log import NO_EVENT, Fact, log_facts
from tmam.platform.statements import run_verb

FACT_OF_STATE = {
    PaymentState.APPROVED: "payment.approved",
    PaymentState.DECLINED: "payment.declined",
    PaymentState.UNKNOWN: "payment.unknown",
    PaymentState.CONFIRMING: "payment.confirming",
}


class Step(StrEnum):
    """What the buyer does next: pay (again), confirm at the bank, wait for an answer, or enjoy the tickets."""

    PAY = "pay"
    BANK = "bank"
    WAIT = "wait"
    DONE = "done"


@dataclass(frozen=True)
class Progress:
    """The next step. `bank_url` with `BANK`; `decline_reason` with `PAY` after a refusal."""

    step: Step
    bank_url: str = ""
    decline_reason: str = ""


def progress_of(checkout: Checkout) -> Progress:
    """Where a checkout stands. Asks the gateway only for the bank's address (so: not inside a transaction)."""
    if checkout.state == CheckoutState.DONE:
        return Progress(Step.DONE)
    payment = latest_payment(checkout.id)
    if checkout.state == CheckoutState.PAYING:
        if payment is not None and payment.state == PaymentState.CONFIRMING:
            outcome = gateway_named(payment.gateway).ask(payment.id)
            if isinstance(outcome, Redirect):
                return Progress(Step.BANK, bank_url=outcome.url)
        return Progress(Step.WAIT)
    return Progress(Step.PAY, decline_reason=payment.decline_reason if payment is not None else "")


def record_answer(payment_id: UUID, outcome: Outcome, now: datetime, *, request_id: str = "") -> Progress:
    """Write down the gateway's answer and do what follows: tickets, another try, or patience.

    Safe to repeat and to race: one caller's answer is news, the others find it written. An approved payment
    whose conversion was interrupted is converted by whoever comes next.
    """
    with transaction.atomic():
        settlement = settle_payment(payment_id, outcome, now)
        payment = settlement.payment
        if settlement.is_news:
            if payment.state == PaymentState.DECLINED:
                _reopen(payment)
            run_verb(log_facts(NO_EVENT, [_fact(settlement, now, request_id)]))
    if payment.state == PaymentState.APPROVED:
        convert_checkout(payment.checkout_id, now, request_id=request_id)
    if isinstance(outcome, Redirect) and payment.state == PaymentState.CONFIRMING:
        return Progress(Step.BANK, bank_url=outcome.url)
    return progress_of(Checkout.objects.get(id=payment.checkout_id))


def _reopen(payment: Payment) -> None:
    """After a refusal the basket is the buyer's again: another card may pay."""
    Checkout.objects.filter(id=payment.checkout_id, state__in=states_before(CheckoutState.OPEN)).update(
        state=CheckoutState.OPEN
    )


def _fact(settlement: Settlement, now: datetime, request_id: str) -> Fact:
    payment = settlement.payment
    checkout = Checkout.objects.get(id=payment.checkout_id)
    data = {
        "payment_id": str(payment.id),
        "checkout_id": str(checkout.id),
        "gateway": payment.gateway,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "reason": payment.decline_reason,
        "was_waiting": _was_waiting(settlement, now),
    }
    return Fact(
        FACT_OF_STATE[PaymentState(payment.state)], now, f"visitor:{checkout.visitor_id}", data, request_id
    )


def _was_waiting(settlement: Settlement, now: datetime) -> bool:
    """Whether the buyer may have been promised a mail by the waiting page, so that a refusal is mailed too."""
    if settlement.before == PaymentState.UNKNOWN:
        return True
    return settlement.before == PaymentState.STARTED and now - settlement.payment.started_at >= ASK_EVERY
