"""Give money back: instruct it once, carry it out until the gateway says it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q, Sum

from tmam.kernel.ids import new_uuid7
from tmam.kernel.money import Money
from tmam.payments.gateways import gateway_named
from tmam.payments.models import Payment, Refund
from tmam.payments.ports import RefundOutcome

log = structlog.get_logger("tmam.payments")


@dataclass(frozen=True)
class Instructed:
    """A refund of one hold's share; `is_new` for the one caller who instructed it."""

    refund: Refund
    is_new: bool


def instruct_refund(
    *, payment_id: UUID, hold_id: UUID, amount_minor: int, reason: str, now: datetime
) -> Instructed:
    """Write down that one hold's share of a payment goes back. Locks the payment; calls no gateway.

    Never more than was paid: that would be a bug of ours, and stops here with an AssertionError.
    """
    with transaction.atomic():
        payment = Payment.objects.select_for_update().get(id=payment_id)
        existing = Refund.objects.filter(payment=payment, hold_id=hold_id).first()
        if existing is not None:
            return Instructed(existing, is_new=False)
        going_back = Refund.objects.filter(payment=payment).aggregate(total=Sum("amount_minor"))["total"] or 0
        if going_back + amount_minor > payment.amount_minor:
            raise AssertionError(f"refunds of payment {payment_id} would exceed what was paid")
        refund = Refund.objects.create(
            id=new_uuid7(now),
            payment=payment,
            amount_minor=amount_minor,
            reason=reason,
            hold_id=hold_id,
            state="instructed",
            instructed_at=now,
        )
        return Instructed(refund, is_new=True)


def claim_refund(refund: Refund, tried_before: datetime, now: datetime) -> bool:
    """Take the right to try a refund: true for one caller per period, like `claim_question` of a payment."""
    is_due = Q(tried_at=None) | Q(tried_at__lt=tried_before)
    return bool(Refund.objects.filter(is_due, id=refund.id, state="instructed").update(tried_at=now))


def carry_out_refund(refund: Refund, now: datetime) -> bool:
    """Tell the gateway, and note when it is done; true once it is. Safe to repeat. Not inside a transaction."""
    payment = refund.payment
    outcome = gateway_named(payment.gateway).refund(
        refund_id=refund.id, payment_id=payment.id, amount=Money(refund.amount_minor, payment.currency)
    )
    if outcome is RefundOutcome.REFUSED:
        log.error("refund_refused", refund_id=str(refund.id), payment_id=str(payment.id))
    if outcome is not RefundOutcome.DONE:
        return False
    Refund.objects.filter(id=refund.id, state="instructed").update(state="done", done_at=now)
    return True
