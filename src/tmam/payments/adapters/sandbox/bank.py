"""The pretend bank: an outside world that remembers charges by idempotency key and moves no real money.

Its writes are durable transactions of their own: Django refuses to nest them, so a gateway call inside one
of our transactions fails loudly, as it should with a remote bank.
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import F

from tmam.kernel.money import Money
from tmam.payments.models import SandboxCharge, SandboxRefund


class ChargeState(StrEnum):
    """What the bank thinks of a charge."""

    APPROVED = "approved"
    DECLINED = "declined"
    CONFIRMING = "confirming"


# What each test card does at the bank: the state of its charge, and the reason of a refusal.
CARDS: dict[str, tuple[ChargeState, str]] = {
    "approve": (ChargeState.APPROVED, ""),
    "approve-2": (ChargeState.APPROVED, ""),
    "decline": (ChargeState.DECLINED, "insufficient_funds"),
    "confirm": (ChargeState.CONFIRMING, ""),
    "lost": (ChargeState.APPROVED, ""),
    "lost-decline": (ChargeState.DECLINED, "refused"),
}


def charge(key: UUID, amount: Money, card: str, return_url: str) -> SandboxCharge:
    """Charge a test card once per key; a repeated key answers with the charge it made.

    Raises:
        ValueError: the key was used for another amount, as real gateways refuse too.
    """
    state, reason = CARDS.get(card, (ChargeState.DECLINED, "refused"))
    with transaction.atomic(durable=True):
        made, _ = SandboxCharge.objects.get_or_create(
            idempotency_key=key,
            defaults={
                "state": state,
                "amount_minor": amount.amount_minor,
                "currency": amount.currency,
                "return_url": return_url,
                "decline_reason": reason,
            },
        )
    is_cancelled_early = made.decline_reason == "cancelled"
    if not is_cancelled_early and (made.amount_minor, made.currency) != (
        amount.amount_minor,
        amount.currency,
    ):
        raise ValueError("this idempotency key was used for another amount")
    return made


def find(key: UUID) -> SandboxCharge | None:
    """The charge of a key, if the bank ever heard of it."""
    return SandboxCharge.objects.filter(idempotency_key=key).first()


def decide(key: UUID, *, approve: bool) -> SandboxCharge | None:
    """What the buyer answers on the bank's page; only the first answer counts."""
    changes = (
        {"state": ChargeState.APPROVED}
        if approve
        else {"state": ChargeState.DECLINED, "decline_reason": "cancelled"}
    )
    with transaction.atomic(durable=True):
        SandboxCharge.objects.filter(idempotency_key=key, state=ChargeState.CONFIRMING).update(**changes)
    return find(key)


def cancel(key: UUID) -> SandboxCharge:
    """Stop a charge that is not approved; an unheard one is refused from now on."""
    with transaction.atomic(durable=True):
        SandboxCharge.objects.get_or_create(
            idempotency_key=key,
            defaults={
                "state": ChargeState.DECLINED,
                "amount_minor": 0,
                "currency": "XXX",  # ISO 4217: no currency is involved
                "decline_reason": "cancelled",
            },
        )
        SandboxCharge.objects.filter(idempotency_key=key, state=ChargeState.CONFIRMING).update(
            state=ChargeState.DECLINED, decline_reason="timed_out"
        )
    return SandboxCharge.objects.get(idempotency_key=key)


def give_back(refund_id: UUID, key: UUID, amount: Money) -> bool:
    """Refund part of an approved charge, once per refund id; false when more than was taken is asked back."""
    with transaction.atomic(durable=True):
        charge_ = SandboxCharge.objects.select_for_update().filter(idempotency_key=key).first()
        if SandboxRefund.objects.filter(id=refund_id).exists():
            return True
        if charge_ is None or charge_.state != ChargeState.APPROVED or charge_.currency != amount.currency:
            return False
        if charge_.refunded_minor + amount.amount_minor > charge_.amount_minor:
            return False
        SandboxRefund.objects.create(id=refund_id, charge=charge_, amount_minor=amount.amount_minor)
        SandboxCharge.objects.filter(idempotency_key=key).update(
            refunded_minor=F("refunded_minor") + amount.amount_minor
        )
    return True
