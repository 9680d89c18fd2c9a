"""Which way a payment may move. Pure."""

from __future__ import annotations

from tmam.payments.models import PaymentState
from tmam.payments.ports import Approved, Declined, Outcome, Redirect, Unknown

PAYMENT_MOVES: dict[PaymentState, frozenset[PaymentState]] = {
    PaymentState.STARTED: frozenset(
        {PaymentState.CONFIRMING, PaymentState.UNKNOWN, PaymentState.APPROVED, PaymentState.DECLINED}
    ),
    PaymentState.CONFIRMING: frozenset({PaymentState.APPROVED, PaymentState.DECLINED}),
    PaymentState.UNKNOWN: frozenset({PaymentState.CONFIRMING, PaymentState.APPROVED, PaymentState.DECLINED}),
    PaymentState.APPROVED: frozenset(),
    PaymentState.DECLINED: frozenset(),
}
# A live payment may still turn into money: a checkout has at most one.
LIVE = (PaymentState.STARTED, PaymentState.CONFIRMING, PaymentState.UNKNOWN, PaymentState.APPROVED)
# The bank has not decided yet, as far as we know.
UNDECIDED = (PaymentState.STARTED, PaymentState.CONFIRMING, PaymentState.UNKNOWN)


def state_after(outcome: Outcome) -> PaymentState:
    """The state that a gateway's answer means."""
    match outcome:
        case Approved():
            return PaymentState.APPROVED
        case Declined():
            return PaymentState.DECLINED
        case Redirect():
            return PaymentState.CONFIRMING
        case Unknown():
            return PaymentState.UNKNOWN


def states_before(state: PaymentState) -> list[PaymentState]:
    """The states from which a payment may move to `state`."""
    return [before for before, after in PAYMENT_MOVES.items() if state in after]
