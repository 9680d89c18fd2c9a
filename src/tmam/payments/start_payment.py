"""Begin to take the money of a checkout: one live payment per checkout, whoever asks how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tmam.kernel.ids import new_uuid7
from tmam.kernel.money import Money
from tmam.payments.models import Payment, PaymentState
from tmam.payments.queries import live_payment


@dataclass(frozen=True)
class StartedPayment:
    """The live payment of a checkout; `is_new` tells the one caller who must now call the gateway."""

    payment: Payment
    is_new: bool


def start_payment(*, checkout_id: UUID, gateway: str, amount: Money, now: datetime) -> StartedPayment:
    """Write the payment's row, or find the live one that is already there. Calls no gateway.

    The partial unique index `payment_one_live_per_checkout` decides between two callers. The caller's
    transaction holds the checkout's lock.
    """
    payment = Payment(
        id=new_uuid7(now),
        checkout_id=checkout_id,
        gateway=gateway,
        state=PaymentState.STARTED,
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        started_at=now,
        asked_at=now,
    )
    with transaction.atomic():
        Payment.objects.bulk_create([payment], ignore_conflicts=True)
        live = live_payment(checkout_id)
    if live is None:
        raise AssertionError("a payment was neither written nor found")
    return StartedPayment(live, is_new=live.id == payment.id)
