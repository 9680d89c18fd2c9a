"""Starting, settling and refunding: each once, whoever repeats it."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from tests.cast import NOW
from tmam.kernel.money import Money
from tmam.payments.gateways import gateway_named
from tmam.payments.models import Payment, PaymentState, Refund, SandboxCharge
from tmam.payments.ports import Approved, Declined, DeclineReason, Outcome, Redirect, Unknown
from tmam.payments.queries import refunds_to_carry_out
from tmam.payments.refund import carry_out_refund, claim_refund, instruct_refund
from tmam.payments.settle_payment import claim_question, settle_payment
from tmam.payments.start_payment import StartedPayment, start_payment

AMOUNT = Money(9000, "EUR")
REFUSED = Declined(DeclineReason.REFUSED)


def start(checkout_id: object = None) -> StartedPayment:
    return start_payment(checkout_id=checkout_id or uuid4(), gateway="sandbox", amount=AMOUNT, now=NOW)


@pytest.mark.django_db
def test_a_second_start_finds_the_first() -> None:
    checkout_id = uuid4()
    first, second = start(checkout_id), start(checkout_id)
    assert first.is_new
    assert not second.is_new
    assert second.payment == first.payment


@pytest.mark.django_db
def test_after_a_refusal_a_new_payment_may_start() -> None:
    checkout_id = uuid4()
    first = start(checkout_id).payment
    settle_payment(first.id, REFUSED, NOW)
    assert start(checkout_id).is_new


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "state", "news"),
    [
        ([Approved("r")], "approved", [True]),
        ([Approved("r"), Approved("r")], "approved", [True, False]),
        ([Approved("r"), REFUSED], "approved", [True, False]),
        ([REFUSED, Approved("r")], "declined", [True, False]),
        ([Redirect("/b/"), Unknown(), Approved("r")], "approved", [True, False, True]),
        ([Unknown(), Unknown(), REFUSED], "declined", [True, False, True]),
        ([Unknown(), Redirect("/b/"), REFUSED, Unknown()], "declined", [True, True, True, False]),
    ],
)
def test_each_answer_moves_a_payment_at_most_once(
    answers: list[Outcome], state: str, news: list[bool]
) -> None:
    payment = start().payment
    assert [settle_payment(payment.id, answer, NOW).is_news for answer in answers] == news
    assert Payment.objects.get(id=payment.id).state == state


@pytest.mark.django_db
def test_the_answers_facts_are_kept() -> None:
    approved, declined = start().payment, start().payment
    settle_payment(approved.id, Approved("ref-1"), NOW)
    settlement = settle_payment(declined.id, Declined(DeclineReason.INSUFFICIENT_FUNDS), NOW)
    approved.refresh_from_db()
    assert (approved.gateway_reference, approved.settled_at) == ("ref-1", NOW)
    assert settlement.payment.decline_reason == "insufficient_funds"
    assert settlement.before == PaymentState.STARTED


@pytest.mark.django_db
def test_of_many_watchers_one_asks_per_period() -> None:
    payment = start().payment
    later = NOW + timedelta(seconds=11)
    before = later - timedelta(seconds=10)
    assert [claim_question(payment, before, later) for _ in range(3)] == [True, False, False]


def approved_payment() -> Payment:
    payment = start().payment
    gateway_named("sandbox").start(
        payment_id=payment.id, amount=AMOUNT, method_token="approve", return_url=""
    )
    return settle_payment(payment.id, Approved("r"), NOW).payment


@pytest.mark.django_db
def test_a_holds_share_is_refunded_once() -> None:
    payment, hold_id = approved_payment(), uuid4()
    first, second = (
        instruct_refund(payment_id=payment.id, hold_id=hold_id, amount_minor=4000, reason="x", now=NOW)
        for _ in range(2)
    )
    assert (first.is_new, second.is_new) == (True, False)
    assert second.refund == first.refund
    refund = Refund.objects.select_related("payment").get(id=first.refund.id)
    assert carry_out_refund(refund, NOW)
    assert carry_out_refund(refund, NOW)  # the crash was after the gateway and before our note
    assert Refund.objects.get(id=refund.id).state == "done"
    assert SandboxCharge.objects.get(idempotency_key=payment.id).refunded_minor == 4000


@pytest.mark.django_db
def test_never_more_goes_back_than_came() -> None:
    payment = approved_payment()
    instruct_refund(payment_id=payment.id, hold_id=uuid4(), amount_minor=5000, reason="x", now=NOW)
    with pytest.raises(AssertionError):
        instruct_refund(payment_id=payment.id, hold_id=uuid4(), amount_minor=4001, reason="x", now=NOW)


@pytest.mark.django_db
def test_a_refused_refund_stays_instructed() -> None:
    payment = start().payment  # the bank never took this money
    instructed = instruct_refund(payment_id=payment.id, hold_id=uuid4(), amount_minor=10, reason="x", now=NOW)
    assert not carry_out_refund(instructed.refund, NOW)
    assert Refund.objects.get(id=instructed.refund.id).state == "instructed"


@pytest.mark.usefixtures("live_database")
def test_a_race_of_starts_writes_one_payment() -> None:
    checkout_id = uuid4()
    results: list[StartedPayment] = []
    barrier = threading.Barrier(6)

    def run() -> None:
        barrier.wait()
        results.append(start(checkout_id))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({result.payment.id for result in results}) == 1
    assert [result.is_new for result in results].count(True) == 1
    assert Payment.objects.filter(checkout_id=checkout_id).count() == 1


@pytest.mark.django_db
def test_refunds_never_tried_come_first_and_each_is_tried_once_per_period() -> None:
    payment = approved_payment()
    tried, fresh = (
        instruct_refund(payment_id=payment.id, hold_id=uuid4(), amount_minor=10, reason="x", now=at).refund
        for at in (NOW, NOW + timedelta(minutes=1))
    )
    assert claim_refund(tried, NOW, NOW)
    assert not claim_refund(tried, NOW, NOW)
    later = NOW + timedelta(seconds=60)
    assert refunds_to_carry_out(NOW, 9) == [fresh]
    assert refunds_to_carry_out(later, 9) == [fresh, tried]
    assert claim_refund(tried, later, later)
