from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW
from tmam.orders.models import CheckoutState
from tmam.orders.rules import (
    CHECKOUT_MOVES,
    CONVERT_WITHIN,
    ORDER_MOVES,
    PAYMENT_GRACE,
    OrderState,
    should_give_up,
    states_before,
)
from tmam.orders.terms import terms_to_accept


def test_every_state_has_its_row() -> None:
    assert set(CHECKOUT_MOVES) == set(CheckoutState)
    assert set(ORDER_MOVES) == set(OrderState)


def test_a_finished_checkout_never_moves_again() -> None:
    assert not CHECKOUT_MOVES[CheckoutState.DONE]
    assert not CHECKOUT_MOVES[CheckoutState.ABANDONED]
    assert states_before(CheckoutState.DONE) == [CheckoutState.PAYING]


@pytest.mark.parametrize(
    ("is_confirming", "waited_s", "expected"),
    [
        (False, 59, False),
        (False, 60, True),
        (True, 60, False),
        (True, 14 * 60 - 1, False),
        (True, 14 * 60, True),
    ],
)
def test_patience_with_the_bank(is_confirming: bool, waited_s: int, expected: bool) -> None:
    now = NOW + timedelta(seconds=waited_s)
    assert should_give_up(is_confirming=is_confirming, started_at=NOW, now=now) is expected


def test_the_bank_is_stopped_before_the_places_go_and_tickets_come_within_two_minutes() -> None:
    assert should_give_up(is_confirming=True, started_at=NOW, now=NOW + PAYMENT_GRACE)
    assert timedelta(minutes=2) > CONVERT_WITHIN


def test_the_terms_of_everybody_concerned_are_accepted() -> None:
    assert terms_to_accept({7: "3", 9: "2026-01"}) == {"platform": "1", "7": "3", "9": "2026-01"}
