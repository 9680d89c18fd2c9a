"""From the button to the tickets: every answer of the bank, every double, every crash between two steps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Sum

from tests.cast import NOW, Type, make_event
from tests.inventory.books import assert_books_right
from tests.orders.buyers import EMAIL, agreed, checkout_with, fill, hold, pay, ready
from tmam.catalog.models import Date, Event
from tmam.inventory import errors as inventory_errors
from tmam.inventory.holds import read_holds
from tmam.inventory.release_hold import release_hold
from tmam.kernel.money import Money
from tmam.ledger.models import Entry
from tmam.orders import errors
from tmam.orders.convert_checkout import convert_checkout, order_id_of
from tmam.orders.models import Checkout, CheckoutState, Order
from tmam.orders.pay_checkout import Agreed, begin_payment, pay_checkout
from tmam.orders.progress import Progress, Step, record_answer
from tmam.orders.queries import load_holds, orders_of
from tmam.orders.rules import MAX_PAYMENT_ATTEMPTS, PAYMENT_GRACE
from tmam.payments.adapters.sandbox import bank
from tmam.payments.gateways import gateway_named
from tmam.payments.models import Allocation, Payment, PaymentState, Refund, SandboxCharge
from tmam.payments.ports import Approved
from tmam.platform.event_log import NO_EVENT
from tmam.platform.models import LogEntry
from tmam.platform.statements import run_verb
from tmam.tickets.holders import opened_document
from tmam.tickets.models import Ticket

SANDBOX = gateway_named("sandbox")


def state_of(checkout: Checkout) -> str:
    return Checkout.objects.get(id=checkout.id).state


def payment_of(checkout: Checkout) -> Payment:
    return Payment.objects.get(checkout_id=checkout.id)


def facts(event_id: int, name: str, checkout: Checkout) -> list[dict[str, object]]:
    entries = LogEntry.objects.filter(event_id=event_id, name=name, data__checkout_id=str(checkout.id))
    return [entry.data for entry in entries]


@pytest.mark.django_db
def test_approved_money_becomes_tickets_for_every_event() -> None:
    events = [make_event(), make_event()]
    checkout = ready(*events)
    assert pay(checkout) == Progress(Step.DONE)
    orders = orders_of(checkout)
    assert [order.event_id for order in orders] == [event.id for event in events]
    assert {order.terms_version for order in orders} == {"1/1"}
    payment = payment_of(checkout)
    assert (payment.state, payment.amount_minor) == (PaymentState.APPROVED, 18_000)
    for order in orders:
        assert (order.email, order.total_minor, order.state) == (EMAIL, 9000, "confirmed")
        assert Ticket.objects.filter(event_id=order.event_id, order_id=order.id).count() == 2
        assert Allocation.objects.get(event_id=order.event_id, order_id=order.id).payment_id == payment.id
        booked = Entry.objects.filter(event_id=order.event_id, cause_id=order.id).aggregate(
            Sum("amount_minor")
        )
        assert booked["amount_minor__sum"] == 9000
        assert_books_right(order.event_id)
    done = Checkout.objects.get(id=checkout.id)
    assert (done.state, done.holders, done.terms_versions["platform"]) == (CheckoutState.DONE, {}, "1")
    assert len(facts(NO_EVENT, "payment.approved", checkout)) == 1


@pytest.mark.django_db
def test_names_and_documents_go_to_their_tickets() -> None:
    event = make_event(types=(Type(asks_document=True),))
    checkout = ready(event)
    pay(checkout)
    tickets = list(Ticket.objects.filter(event_id=event.id).order_by("serial"))
    assert [ticket.holder_name for ticket in tickets] == ["Guest 1", "Guest 2"]
    assert run_verb(opened_document(tickets[0])) == "12345678Z"


@pytest.mark.django_db
def test_a_free_checkout_needs_no_bank() -> None:
    checkout = ready(make_event(types=(Type(price_minor=0),)))
    assert pay(checkout, "").step is Step.DONE
    assert len(orders_of(checkout)) == 1
    assert not Payment.objects.filter(checkout_id=checkout.id).exists()


@pytest.mark.django_db
def test_after_a_refusal_another_card_may_pay() -> None:
    checkout = ready(make_event())
    assert pay(checkout, "decline") == Progress(Step.PAY, decline_reason="insufficient_funds")
    assert state_of(checkout) == CheckoutState.OPEN
    assert pay(checkout).step is Step.DONE
    assert Payment.objects.filter(checkout_id=checkout.id).count() == 2
    assert not facts(NO_EVENT, "payment.declined", checkout)[0]["was_waiting"]


@pytest.mark.django_db
def test_the_bank_asks_the_buyer() -> None:
    checkout = ready(make_event())
    payment_id = None
    for _ in range(2):  # pressed again: the same bank page, no second charge
        progress = pay(checkout, "confirm")
        payment_id = payment_of(checkout).id
        assert progress == Progress(Step.BANK, bank_url=f"/sandbox-bank/{payment_id}/")
    bank.decide(payment_id, approve=True)
    assert record_answer(payment_id, SANDBOX.ask(payment_id), NOW).step is Step.DONE


@pytest.mark.django_db
def test_a_lost_answer_makes_the_buyer_wait_and_nothing_pays_twice() -> None:
    checkout = ready(make_event())
    for _ in range(3):
        assert pay(checkout, "lost").step is Step.WAIT
    assert payment_of(checkout).state == PaymentState.UNKNOWN
    assert not orders_of(checkout)
    assert len(facts(NO_EVENT, "payment.unknown", checkout)) == 1


@pytest.mark.django_db
def test_pressing_again_after_the_end_shows_the_end() -> None:
    checkout = ready(make_event())
    seen = agreed(checkout)
    assert [pay(checkout, seen=seen).step for _ in range(3)] == [Step.DONE] * 3
    assert SandboxCharge.objects.filter(idempotency_key=payment_of(checkout).id).count() == 1
    assert len(orders_of(checkout)) == 1


@pytest.mark.django_db
def test_answers_that_come_again_change_nothing() -> None:
    checkout = ready(make_event())
    pay(checkout)
    payment = payment_of(checkout)
    for _ in range(3):
        assert record_answer(payment.id, Approved("again"), NOW).step is Step.DONE
    assert len(facts(NO_EVENT, "payment.approved", checkout)) == 1
    assert len(orders_of(checkout)) == 1


@pytest.mark.django_db
def test_places_are_kept_while_the_money_is_on_its_way() -> None:
    event = make_event()
    checkout = ready(event)
    late = NOW + timedelta(minutes=9)
    pay(checkout, "confirm", now=late)
    (held,) = load_holds(checkout.holds.all()).values()
    assert held.expires_at >= late + PAYMENT_GRACE


@pytest.mark.django_db
def test_what_ran_out_is_not_charged() -> None:
    checkout = ready(make_event())
    seen = agreed(checkout)
    with pytest.raises(inventory_errors.HoldExpiredError):
        pay(checkout, now=NOW + timedelta(minutes=12), seen=seen)
    assert not Payment.objects.filter(checkout_id=checkout.id).exists()


@pytest.mark.django_db
def test_a_moment_too_late_is_tried_but_not_at_somebody_elses_cost() -> None:
    late = NOW + timedelta(minutes=10, seconds=20)
    lucky, unlucky_event = ready(make_event(capacity=2)), make_event(capacity=2)
    unlucky = ready(unlucky_event)
    hold(unlucky_event, uuid4(), now=late)
    assert pay(lucky, now=late, seen=agreed(lucky)).step is Step.DONE
    with pytest.raises((inventory_errors.HoldExpiredError, errors.BasketChangedError)):
        pay(unlucky, now=late, seen=agreed(unlucky))
    assert not Payment.objects.filter(checkout_id=unlucky.id).exists()


def wrong_total(checkout: Checkout) -> Agreed:
    return Agreed(Money(1, "EUR"), agreed(checkout).terms)


def wrong_currency(checkout: Checkout) -> Agreed:
    return Agreed(Money(9000, "USD"), agreed(checkout).terms)


def no_terms(checkout: Checkout) -> Agreed:
    return Agreed(agreed(checkout).total, {})


def old_terms(checkout: Checkout) -> Agreed:
    seen = agreed(checkout)
    return Agreed(seen.total, dict.fromkeys(seen.terms, "0"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("see", "refusal"),
    [
        (wrong_total, errors.BasketChangedError),
        (wrong_currency, errors.BasketChangedError),
        (no_terms, errors.TermsNotAcceptedError),
        (old_terms, errors.TermsNotAcceptedError),
    ],
)
def test_what_was_not_agreed_is_not_charged(
    see: Callable[[Checkout], Agreed], refusal: type[Exception]
) -> None:
    checkout = ready(make_event())
    with pytest.raises(refusal):
        pay(checkout, seen=see(checkout))
    assert state_of(checkout) == CheckoutState.OPEN
    assert not Payment.objects.filter(checkout_id=checkout.id).exists()


@pytest.mark.django_db
def test_nameless_tickets_are_not_sold() -> None:
    with pytest.raises(errors.DetailsMissingError):
        pay(checkout_with(make_event()))
    named = make_event(types=(Type(asks_name=True),))
    checkout = checkout_with(named)
    Checkout.objects.filter(id=checkout.id).update(email=EMAIL, name="Maria")
    with pytest.raises(errors.DetailsMissingError):
        pay(checkout)


@pytest.mark.django_db
def test_what_was_called_off_is_not_sold() -> None:
    cancelled, called_off = make_event(), make_event()
    first, second = ready(cancelled), ready(called_off)
    Event.objects.filter(id=cancelled.id).update(status="cancelled")
    Date.objects.filter(event_id=called_off.id).update(is_cancelled=True)
    for checkout in (first, second):
        with pytest.raises(inventory_errors.NotOnSaleError):
            pay(checkout)


@pytest.mark.django_db
def test_nobody_pays_anothers_checkout() -> None:
    checkout = ready(make_event())
    seen = agreed(checkout)
    checkout.visitor_id = uuid4()
    with pytest.raises(errors.CheckoutNotFoundError):
        pay(checkout, seen=seen)


@pytest.mark.django_db
def test_a_basket_is_not_for_trying_cards() -> None:
    checkout = ready(make_event())
    for _ in range(MAX_PAYMENT_ATTEMPTS):
        pay(checkout, "decline")
    with pytest.raises(errors.TooManyAttemptsError):
        pay(checkout)


@pytest.mark.django_db
def test_paid_places_that_are_gone_are_refunded_and_the_rest_becomes_tickets() -> None:
    kept, gone = make_event(), make_event()
    checkout = ready(kept, gone)
    pay(checkout, "confirm")
    payment = payment_of(checkout)
    (lost,) = [held for held in load_holds(checkout.holds.all()).values() if held.event_id == gone.id]
    run_verb(release_hold(gone.id, lost.id, lost.visitor_id, NOW))
    bank.decide(payment.id, approve=True)
    for _ in range(2):
        assert record_answer(payment.id, SANDBOX.ask(payment.id), NOW).step is Step.DONE
    assert [order.event_id for order in orders_of(checkout)] == [kept.id]
    refund = Refund.objects.get(payment=payment)
    assert (refund.amount_minor, refund.hold_id, refund.state) == (9000, lost.id, "instructed")
    (fact,) = facts(gone.id, "refund.instructed", checkout)
    assert (fact["amount_minor"], fact["reason"]) == (9000, "places_gone")
    assert_books_right(gone.id)


@pytest.mark.django_db
def test_a_crash_after_the_bank_said_yes_is_finished_later() -> None:
    checkout = ready(make_event())
    begun = begin_payment(checkout, agreed(checkout), NOW)
    assert begun.payment is not None
    SANDBOX.start(
        payment_id=begun.payment.id, amount=agreed(checkout).total, method_token="approve", return_url=""
    )
    Payment.objects.filter(id=begun.payment.id).update(
        state="approved", settled_at=NOW
    )  # and then the lights went out
    assert convert_checkout(checkout.id, NOW)
    assert len(orders_of(checkout)) == 1
    assert not convert_checkout(checkout.id, NOW)


@pytest.mark.django_db
def test_a_crash_between_two_events_makes_no_order_twice() -> None:
    events = [make_event(), make_event()]
    checkout = ready(*events)
    pay(checkout)
    before = {order.id for order in orders_of(checkout)}
    Checkout.objects.filter(id=checkout.id).update(
        state=CheckoutState.PAYING
    )  # as if the end was not written
    assert convert_checkout(checkout.id, NOW)
    assert {order.id for order in orders_of(checkout)} == before
    assert before == {order_id_of(checkout, hold_id) for hold_id in load_holds(checkout.holds.all())}
    assert not Refund.objects.filter(payment=payment_of(checkout)).exists()


@pytest.mark.django_db
def test_a_checkout_with_a_price_is_never_converted_without_a_payment() -> None:
    checkout = ready(make_event())
    Checkout.objects.filter(id=checkout.id).update(state=CheckoutState.PAYING)
    with pytest.raises(AssertionError):
        convert_checkout(checkout.id, NOW)


@pytest.mark.usefixtures("live_database")
def test_many_clicks_in_one_moment_charge_once() -> None:
    event = make_event()
    checkout = ready(event)
    seen = agreed(checkout)
    steps: list[Step] = []
    barrier = threading.Barrier(6)

    def run() -> None:
        barrier.wait()
        steps.append(pay(checkout, seen=seen).step)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(steps) == 6
    assert set(steps) <= {Step.DONE, Step.WAIT}
    assert Step.DONE in steps
    payment = payment_of(checkout)
    assert SandboxCharge.objects.filter(idempotency_key=payment.id).count() == 1
    assert Order.objects.filter(event_id=event.id, checkout_id=checkout.id).count() == 1
    assert Ticket.objects.filter(event_id=event.id).count() == 2
    assert_books_right(event.id)


@pytest.mark.django_db
def test_a_click_that_another_overtakes_from_start_to_end_sees_its_sale() -> None:
    event = make_event()
    checkout = ready(event)
    seen = agreed(checkout)

    def clock() -> datetime:
        if not orders_of(checkout):  # asked between the first look at the checkout and the payment's start
            assert pay(checkout, seen=seen).step == Step.DONE
        return NOW + timedelta(seconds=2)

    late = pay_checkout(
        checkout_id=checkout.id,
        visitor_id=checkout.visitor_id,
        agreed=seen,
        method_token="approve",
        return_url="",
        clock=clock,
    )
    assert late.step == Step.DONE
    assert SandboxCharge.objects.filter(idempotency_key=payment_of(checkout).id).count() == 1
    assert len(orders_of(checkout)) == 1
    assert_books_right(event.id)


@pytest.mark.usefixtures("live_database")
def test_two_finishers_in_one_moment_make_one_order() -> None:
    event = make_event()
    checkout = ready(event)
    begun = begin_payment(checkout, agreed(checkout), NOW)
    assert begun.payment is not None
    payment_id = begun.payment.id
    barrier = threading.Barrier(4)

    def run() -> None:
        barrier.wait()
        record_answer(payment_id, Approved("r"), NOW)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert state_of(checkout) == CheckoutState.DONE
    assert Order.objects.filter(event_id=event.id).count() == 1
    assert not Refund.objects.filter(payment_id=payment_id).exists()
    assert len(facts(NO_EVENT, "payment.approved", checkout)) == 1
    (held,) = run_verb(read_holds(event.id, [row.hold_id for row in checkout.holds.all()])).values()
    assert held.state == "converted"


@pytest.mark.usefixtures("live_database")
def test_removing_and_paying_in_one_moment_never_sells_what_was_removed() -> None:
    from tmam.orders.open_checkout import remove_hold

    kept, removed = make_event(), make_event()
    checkout = ready(kept, removed)
    seen = agreed(checkout)
    (row,) = checkout.holds.filter(event_id=removed.id)
    outcomes: list[object] = []
    barrier = threading.Barrier(2)

    def run(work: Callable[[], object]) -> None:
        barrier.wait()
        try:
            outcomes.append(work())
        except (errors.OrderError, inventory_errors.InventoryError) as error:
            outcomes.append(error)
        connection.close()

    def remove() -> None:
        remove_hold(
            checkout_id=checkout.id,
            visitor_id=checkout.visitor_id,
            event_id=removed.id,
            hold_id=row.hold_id,
            now=NOW,
        )

    threads = [
        threading.Thread(target=run, args=(work,)) for work in (remove, lambda: pay(checkout, seen=seen))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    is_paid = state_of(checkout) == CheckoutState.DONE
    assert len(orders_of(checkout)) == (2 if is_paid else 0)
    assert Payment.objects.filter(checkout_id=checkout.id).exists() == is_paid
    for event in (kept, removed):
        assert_books_right(event.id)


@pytest.mark.django_db
def test_details_typed_before_stay_after_a_refusal() -> None:
    checkout = ready(make_event(types=(Type(asks_name=True),)))
    pay(checkout, "decline")
    checkout.refresh_from_db()
    assert checkout.holders
    assert fill(checkout).state == CheckoutState.OPEN
