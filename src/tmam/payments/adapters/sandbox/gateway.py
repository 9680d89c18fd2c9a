"""The sandbox gateway: speaks to the pretend bank as an adapter speaks to a remote one."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from tmam.kernel.money import Money
from tmam.payments.adapters.sandbox import bank
from tmam.payments.models import SandboxCharge
from tmam.payments.ports import (
    Approved,
    Declined,
    DeclineReason,
    Gateway,
    Outcome,
    Redirect,
    RefundOutcome,
    Unknown,
)

LOST_ANSWERS: Final = frozenset({"lost", "lost-decline"})


class SandboxGateway:
    """Test cards instead of money. See `bank.CARDS` for what each card does."""

    name = "sandbox"
    is_pretend = True
    form_template = "sandbox_bank/methods.html"

    def fingerprint(self, method_token: str) -> str | None:
        """Each test card is one card; its name is its number (see also `payments.instant`)."""
        return method_token if method_token in bank.CARDS else None

    def start(self, *, payment_id: UUID, amount: Money, method_token: str, return_url: str) -> Outcome:
        """Charge the test card `method_token`; with a `lost` card the bank acts but its answer never arrives."""
        charge = bank.charge(payment_id, amount, method_token, return_url)
        return Unknown() if method_token in LOST_ANSWERS else _outcome(charge)

    def ask(self, payment_id: UUID) -> Outcome:
        """What the bank remembers."""
        charge = bank.find(payment_id)
        return Unknown() if charge is None else _outcome(charge)

    def cancel(self, payment_id: UUID) -> Outcome:
        """Stop it at the bank, unless it is approved."""
        return _outcome(bank.cancel(payment_id))

    def refund(self, *, refund_id: UUID, payment_id: UUID, amount: Money) -> RefundOutcome:
        """Give back at the bank."""
        done = bank.give_back(refund_id, payment_id, amount)
        return RefundOutcome.DONE if done else RefundOutcome.REFUSED


def make_gateway() -> Gateway:
    """The gateway of this folder, for `payments.gateways`."""
    return SandboxGateway()


def _outcome(charge: SandboxCharge) -> Outcome:
    match bank.ChargeState(charge.state):
        case bank.ChargeState.APPROVED:
            return Approved(reference=f"sandbox-{charge.idempotency_key.hex[-12:]}")
        case bank.ChargeState.DECLINED:
            return Declined(DeclineReason(charge.decline_reason))
        case bank.ChargeState.CONFIRMING:
            return Redirect(url=f"/sandbox-bank/{charge.idempotency_key}/")
