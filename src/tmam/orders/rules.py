"""Which way checkouts and orders may move, and the limits of a checkout. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from tmam.orders.models import CheckoutState

CHECKOUT_MOVES: dict[CheckoutState, frozenset[CheckoutState]] = {
    CheckoutState.OPEN: frozenset({CheckoutState.PAYING, CheckoutState.ABANDONED}),
    CheckoutState.PAYING: frozenset({CheckoutState.OPEN, CheckoutState.DONE}),
    CheckoutState.DONE: frozenset(),
    CheckoutState.ABANDONED: frozenset(),
}


class OrderState(StrEnum):
    """The life of the contract for one event."""

    AWAITING_PAYMENT = "awaiting_payment"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


ORDER_MOVES: dict[OrderState, frozenset[OrderState]] = {
    OrderState.AWAITING_PAYMENT: frozenset({OrderState.CONFIRMED, OrderState.CANCELLED}),
    OrderState.CONFIRMED: frozenset({OrderState.CANCELLED}),
    OrderState.CANCELLED: frozenset({OrderState.REFUNDED}),
    OrderState.REFUNDED: frozenset(),
}

MAX_HOLDS = 20
MAX_PAYMENT_ATTEMPTS = 8  # each one keeps the places longer, and card testers try thousands
PAYMENT_GRACE = timedelta(minutes=15)  # the places stay reserved at least this long once a payment starts
KEEP_AHEAD = timedelta(minutes=5)  # an undecided payment's places are kept on when less than this is left
LATE_BUT_WELCOME = timedelta(
    minutes=1
)  # pressed the button a moment too late: tried, if nobody took the places
BASKET_TAKES_MORE_FOR = timedelta(hours=4)
ABANDONED_AFTER = timedelta(hours=24)

ASK_EVERY = timedelta(seconds=10)
GIVE_UP_UNHEARD_AFTER = timedelta(seconds=60)  # the bank never heard of it: tell it to refuse, tell the buyer
GIVE_UP_CONFIRMING_AFTER = PAYMENT_GRACE - timedelta(minutes=1)
CONVERT_EVERY = timedelta(seconds=15)  # short, so that giving up still happens within the two minutes below
REFUND_EVERY = timedelta(seconds=60)  # a refund that failed is sent again after this long
CONVERT_WITHIN = timedelta(seconds=90)  # of the invariant's two minutes; after that the money goes back


def states_before(state: CheckoutState) -> list[CheckoutState]:
    """The states from which a checkout may move to `state`."""
    return [before for before, after in CHECKOUT_MOVES.items() if state in after]


def should_give_up(*, is_confirming: bool, started_at: datetime, now: datetime) -> bool:
    """Whether an undecided payment has waited long enough for us to have the gateway stop it.

    A bank that asks the buyer is given as long as the places stay reserved; one that has never heard of
    the payment, a minute.
    """
    patience = GIVE_UP_CONFIRMING_AFTER if is_confirming else GIVE_UP_UNHEARD_AFTER
    return now - started_at >= patience


def holder_key(hold_id: UUID, place: int) -> str:
    """The name of a place's form fields: `<hold id, hex>-<place, from 0>`."""
    return f"{hold_id.hex}-{place}"
