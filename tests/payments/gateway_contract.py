"""What every gateway adapter must do. Subclass `GatewayContract`, name the gateway and its test tokens."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import transaction

from tmam.kernel.ids import new_uuid7
from tmam.kernel.money import Money
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

AMOUNT = Money(9000, "EUR")
RETURN_URL = "http://localhost/checkout/x/bank/"


def new_id() -> UUID:
    return new_uuid7(datetime(2026, 12, 1, tzinfo=UTC))


@pytest.mark.django_db
class GatewayContract:
    """The suite. Tokens: what makes the gateway approve (two cards), decline, ask the buyer, or lose its answer."""

    gateway: Gateway
    approving: str
    approving_other: str
    declining: str
    asking: str
    losing: str

    def start(self, token: str, payment_id: UUID | None = None) -> tuple[UUID, Outcome]:
        payment_id = payment_id or new_id()
        outcome = self.gateway.start(
            payment_id=payment_id, amount=AMOUNT, method_token=token, return_url=RETURN_URL
        )
        return payment_id, outcome

    def test_an_approval_carries_a_reference_and_is_remembered(self) -> None:
        payment_id, outcome = self.start(self.approving)
        assert isinstance(outcome, Approved)
        assert 0 < len(outcome.reference) <= 100
        assert self.gateway.ask(payment_id) == outcome

    def test_a_refusal_has_one_of_our_reasons(self) -> None:
        payment_id, outcome = self.start(self.declining)
        assert isinstance(outcome, Declined)
        assert outcome.reason in DeclineReason
        assert self.gateway.ask(payment_id) == outcome

    def test_a_bank_that_asks_sends_the_buyer_to_its_page_and_waits(self) -> None:
        payment_id, outcome = self.start(self.asking)
        assert isinstance(outcome, Redirect)
        assert self.gateway.ask(payment_id) == outcome

    def test_a_lost_answer_can_be_asked_for(self) -> None:
        payment_id, outcome = self.start(self.losing)
        assert outcome == Unknown()
        assert isinstance(self.gateway.ask(payment_id), Approved)

    def test_starting_twice_takes_the_money_once_whatever_the_second_token_is(self) -> None:
        payment_id, first = self.start(self.approving)
        _, second = self.start(self.declining, payment_id)
        assert second == first

    def test_another_amount_under_the_same_id_is_refused_loudly(self) -> None:
        payment_id, _ = self.start(self.approving)
        with pytest.raises(ValueError, match="another amount"):
            self.gateway.start(
                payment_id=payment_id,
                amount=Money(1, "EUR"),
                method_token=self.approving,
                return_url=RETURN_URL,
            )

    def test_a_card_has_one_fingerprint_before_and_after_it_is_charged(self) -> None:
        before = self.gateway.fingerprint(self.approving)
        assert before is not None
        assert 0 < len(before) <= 200
        assert isinstance(self.start(self.approving)[1], Approved)
        assert self.gateway.fingerprint(self.approving) == before

    def test_two_cards_have_two_fingerprints_and_both_pay(self) -> None:
        assert self.gateway.fingerprint(self.approving) != self.gateway.fingerprint(self.approving_other)
        assert isinstance(self.start(self.approving_other)[1], Approved)

    def test_a_token_that_is_no_card_has_no_fingerprint(self) -> None:
        assert self.gateway.fingerprint("no-such-token") is None

    def test_an_unknown_token_takes_nothing(self) -> None:
        _, outcome = self.start("no-such-token")
        assert isinstance(outcome, Declined)

    def test_asking_about_what_was_never_started_changes_nothing(self) -> None:
        payment_id = new_id()
        assert self.gateway.ask(payment_id) == Unknown()
        assert isinstance(self.start(self.approving, payment_id)[1], Approved)

    def test_cancelling_what_was_never_started_refuses_a_late_start(self) -> None:
        payment_id = new_id()
        assert isinstance(self.gateway.cancel(payment_id), Declined)
        assert isinstance(self.start(self.approving, payment_id)[1], Declined)
        assert isinstance(self.gateway.ask(payment_id), Declined)

    def test_cancelling_stops_a_bank_that_asks(self) -> None:
        payment_id, _ = self.start(self.asking)
        assert isinstance(self.gateway.cancel(payment_id), Declined)
        assert isinstance(self.gateway.ask(payment_id), Declined)

    def test_cancelling_comes_too_late_for_approved_money(self) -> None:
        payment_id, outcome = self.start(self.approving)
        assert self.gateway.cancel(payment_id) == outcome

    def test_a_refund_is_given_once_per_id(self) -> None:
        payment_id, _ = self.start(self.approving)
        refund_id = new_id()
        for _ in range(3):
            outcome = self.gateway.refund(refund_id=refund_id, payment_id=payment_id, amount=AMOUNT)
            assert outcome is RefundOutcome.DONE

    def test_parts_are_refunded_up_to_what_was_paid_and_no_further(self) -> None:
        payment_id, _ = self.start(self.approving)
        part = Money(6000, "EUR")
        first = self.gateway.refund(refund_id=new_id(), payment_id=payment_id, amount=part)
        second = self.gateway.refund(refund_id=new_id(), payment_id=payment_id, amount=part)
        assert (first, second) == (RefundOutcome.DONE, RefundOutcome.REFUSED)

    @pytest.mark.parametrize("token", ["declining", "asking"])
    def test_money_that_was_not_taken_is_not_given_back(self, token: str) -> None:
        payment_id, _ = self.start(getattr(self, token))
        outcome = self.gateway.refund(refund_id=new_id(), payment_id=payment_id, amount=AMOUNT)
        assert outcome is RefundOutcome.REFUSED

    def test_another_currency_is_not_given_back(self) -> None:
        payment_id, _ = self.start(self.approving)
        outcome = self.gateway.refund(refund_id=new_id(), payment_id=payment_id, amount=Money(1, "USD"))
        assert outcome is RefundOutcome.REFUSED


@pytest.mark.usefixtures("live_database")
class NeverInsideATransaction:
    """A remote call while rows are locked makes everybody wait for somebody else's network."""

    gateway: Gateway
    approving: str

    def test_it_refuses_to_be_called_there(self) -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            self.gateway.start(
                payment_id=new_id(), amount=AMOUNT, method_token=self.approving, return_url=RETURN_URL
            )
