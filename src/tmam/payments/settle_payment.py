"""Record what the gateway answered, once: late, repeated and contradicting answers change nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from tmam.payments.models import Payment, PaymentState
from tmam.payments.ports import Approved, Declined, Outcome
from tmam.payments.rules import UNDECIDED, state_after, states_before


@dataclass(frozen=True)
class Settlement:
    """The payment as it now stands; `is_news` is true for the one answer that moved it, from state `before`."""

    payment: Payment
    before: PaymentState
    is_news: bool


def settle_payment(payment_id: UUID, outcome: Outcome, now: datetime) -> Settlement:
    """Move a payment as the gateway's answer says, if it may still move that way.

    The caller's transaction writes what follows from it (facts, the checkout's state).
    """
    state = state_after(outcome)
    changes: dict[str, Any] = {"state": state}
    match outcome:
        case Approved(reference):
            changes |= {"gateway_reference": reference, "settled_at": now}
        case Declined(reason):
            changes |= {"decline_reason": reason.value, "settled_at": now}
        case _:
            pass
    with transaction.atomic():
        before = PaymentState(Payment.objects.select_for_update().get(id=payment_id).state)
        moved = Payment.objects.filter(id=payment_id, state__in=states_before(state)).update(**changes)
    return Settlement(Payment.objects.get(id=payment_id), before, is_news=bool(moved))


def claim_question(payment: Payment, asked_before: datetime, now: datetime) -> bool:
    """Take the right to ask the gateway about a payment, so that many watchers ask once.

    True for one caller per period: the payment is undecided and nobody asked since `asked_before`.
    """
    waiting = Payment.objects.filter(id=payment.id, state__in=UNDECIDED, asked_at__lt=asked_before)
    return bool(waiting.update(asked_at=now))
