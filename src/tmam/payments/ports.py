"""What a gateway must do: take money, say what became of it, stop, and give money back.

A gateway is remote. It is never called inside a transaction, may be asked twice, and its answers may be lost.
Every adapter passes the contract suite in `tests/payments/gateway_contract.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias
from uuid import UUID

from tmam.kernel.money import Money


class DeclineReason(StrEnum):
    """Why a payment was not taken, in our words; adapters translate their gateway's."""

    REFUSED = "refused"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    CARD_LIMIT = "card_limit"  # ours: the card may have no more tickets, so the gateway was never asked


@dataclass(frozen=True)
class Approved:
    """The money is ours. `reference` is the gateway's own number for it, at most 100 characters."""

    reference: str


@dataclass(frozen=True)
class Declined:
    """No money was taken, and never will be for this payment."""

    reason: DeclineReason


@dataclass(frozen=True)
class Redirect:
    """The bank wants to ask the buyer: send the browser to `url`; it comes back to the return address."""

    url: str


@dataclass(frozen=True)
class Unknown:
    """No answer, or one that cannot be trusted: money may or may not have been taken. Ask again later."""


Outcome: TypeAlias = Approved | Declined | Redirect | Unknown


class RefundOutcome(StrEnum):
    """What became of a refund: `done`, `unknown` (ask again with the same id), `refused` (a person must look)."""

    DONE = "done"
    UNKNOWN = "unknown"
    REFUSED = "refused"


class Gateway(Protocol):
    """One way to take money. Trouble on the network is an `Unknown`, never an exception."""

    @property
    def name(self) -> str:
        """The name in the payment's row and in the ledger's account `gateway:<name>`."""

    @property
    def is_pretend(self) -> bool:
        """Whether it moves no real money: in production it sells nothing."""

    @property
    def form_template(self) -> str:
        """The template of the fields that choose how to pay; its field `method` is the method token."""

    def fingerprint(self, method_token: str) -> str | None:
        """A name for the card behind a token, before anything is charged: the same card, the same name, always.

        At most 200 characters, from which nobody can tell the card's number. None when the gateway cannot tell,
        or there is no card (a bank transfer): such payments count for no card.
        """

    def start(self, *, payment_id: UUID, amount: Money, method_token: str, return_url: str) -> Outcome:
        """Take the money once: the same `payment_id` again answers the same and takes nothing more."""

    def ask(self, payment_id: UUID) -> Outcome:
        """What became of it, changing nothing; `Unknown` also when the gateway never heard of it."""

    def cancel(self, payment_id: UUID) -> Outcome:
        """Stop it. Approved stays `Approved`; anything else ends `Declined`, and a late start is refused."""

    def refund(self, *, refund_id: UUID, payment_id: UUID, amount: Money) -> RefundOutcome:
        """Give money back once: the same `refund_id` again answers the same and gives nothing more."""
