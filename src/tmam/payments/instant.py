"""Gateways that settle within our own transaction, so that the hot shell can finish a purchase in one step.

Only the sandbox is one: its bank is a table of ours. A real gateway is remote, is never called inside a transaction,
and takes its buyers through the checkout (`payments.ports`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from tmam.payments.ports import Approved, Declined, DeclineReason
from tmam.platform.statements import Step, statement

SANDBOX: Final = "sandbox"
_OUTCOMES: Final[dict[str, Approved | Declined]] = {
    "approve": Approved(""),
    "approve-2": Approved(""),
    "decline": Declined(DeclineReason.INSUFFICIENT_FUNDS),
}


class InstantPayment(msgspec.Struct, frozen=True):
    """Money taken at once for one checkout."""

    id: UUID
    checkout_id: UUID
    amount_minor: int


def instant_outcome(gateway: str, method: str) -> Approved | Declined | None:
    """What the gateway says to a method (a test card), or None when this cannot be settled in one step."""
    return _OUTCOMES.get(method) if gateway == SANDBOX else None


def instant_fingerprint(gateway: str, method: str) -> str:
    """The same for the same card: what limits per card count by."""
    return f"{gateway}:{method}"


def instant_steps(payments: Sequence[InstantPayment], currency: str, now: datetime) -> list[Step]:
    """The steps that write approved payments and the pretend bank's memory of them."""
    ids, amounts = [each.id for each in payments], [each.amount_minor for each in payments]
    return [
        (
            statement("tmam.payments", "insert_settled_payments"),
            (
                SANDBOX,
                currency,
                now,
                ids,
                [each.checkout_id for each in payments],
                amounts,
                [f"sandbox-{id_.hex[-12:]}" for id_ in ids],
            ),
        ),
        (statement("tmam.payments", "insert_sandbox_charges"), (currency, ids, amounts)),
    ]
