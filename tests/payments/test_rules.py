from __future__ import annotations

from tmam.payments.models import Payment, PaymentState
from tmam.payments.ports import Approved, Declined, DeclineReason, Redirect, Unknown
from tmam.payments.rules import LIVE, PAYMENT_MOVES, UNDECIDED, state_after, states_before


def test_every_state_has_its_row_and_the_decided_ones_are_final() -> None:
    assert set(PAYMENT_MOVES) == set(PaymentState)
    assert [state for state, after in PAYMENT_MOVES.items() if not after] == [
        PaymentState.APPROVED,
        PaymentState.DECLINED,
    ]


def test_nothing_moves_back_to_started_or_from_confirming_to_unknown() -> None:
    assert states_before(PaymentState.STARTED) == []
    assert states_before(PaymentState.UNKNOWN) == [PaymentState.STARTED]


def test_each_answer_means_a_state() -> None:
    answers = [Approved("r"), Declined(DeclineReason.REFUSED), Redirect("/bank/"), Unknown()]
    assert [state_after(answer) for answer in answers] == ["approved", "declined", "confirming", "unknown"]


def test_the_database_counts_the_same_states_as_live() -> None:
    (constraint,) = [c for c in Payment._meta.constraints if c.name == "payment_one_live_per_checkout"]
    assert set(dict(constraint.condition.children)["state__in"]) == set(LIVE)
    assert set(UNDECIDED) == set(LIVE) - {PaymentState.APPROVED}
