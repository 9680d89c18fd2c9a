"""Reads: payments and refunds, and which of them wait for an answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from tmam.payments.models import Payment, Refund
from tmam.payments.rules import LIVE, UNDECIDED


def live_payment(checkout_id: UUID) -> Payment | None:
    """The payment of a checkout that has become money or still may."""
    return Payment.objects.filter(checkout_id=checkout_id, state__in=LIVE).first()


def latest_payment(checkout_id: UUID) -> Payment | None:
    """The newest attempt to pay a checkout, whatever became of it."""
    return Payment.objects.filter(checkout_id=checkout_id).order_by("-started_at", "-id").first()


def count_payments(checkout_id: UUID) -> int:
    """How often it was tried to pay a checkout."""
    return Payment.objects.filter(checkout_id=checkout_id).count()


def refunds_of(payment_id: UUID) -> QuerySet[Refund]:
    """What was instructed to go back of a payment, oldest first."""
    return Refund.objects.filter(payment_id=payment_id).order_by("instructed_at", "id")


def undecided_payments(asked_before: datetime, limit: int) -> list[Payment]:
    """Payments whose end we do not know and have not asked for since `asked_before`; longest ago first."""
    waiting = Payment.objects.filter(state__in=UNDECIDED, asked_at__lt=asked_before)
    return list(waiting.order_by("asked_at")[:limit])


def refunds_to_carry_out(tried_before: datetime, limit: int) -> list[Refund]:
    """Refunds not confirmed by the gateway and not tried since `tried_before`; untried ones first.

    In this order, refunds that fail again and again never keep others waiting.
    """
    waiting = Refund.objects.filter(
        Q(tried_at=None) | Q(tried_at__lt=tried_before), state="instructed"
    ).select_related("payment")
    return list(waiting.order_by(F("tried_at").asc(nulls_first=True), "instructed_at")[:limit])
