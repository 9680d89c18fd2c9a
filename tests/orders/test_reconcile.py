"""What the worker finishes: lost answers, crashes, refunds, forgotten baskets."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.cast import NOW, Type, make_event
from tests.inventory.books import assert_books_right
from tests.orders.buyers import agreed, checkout_with, fill, pay, ready
from tmam.catalog.models import Event, TicketType
from tmam.inventory.holds import read_holds
from tmam.inventory.release_hold import release_hold
from tmam.kernel.money import Money
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.orders.models import Checkout, CheckoutState
from tmam.orders.pay_checkout import begin_payment
from tmam.orders.progress import Step
from tmam.orders.queries import load_holds, orders_of
from tmam.orders.reconcile import look_again, reconcile_once, return_from_bank, stop_payment
from tmam.payments.adapters.sandbox import bank
from tmam.payments.gateways import gateway_named
from tmam.payments.models import Payment, PaymentState, Refund, SandboxCharge
from tmam.payments.ports import Outcome, RefundOutcome, Unknown
from tmam.payments.refund import instruct_refund
from tmam.payments.start_payment import start_payment
from tmam.platform.event_log import NO_EVENT, drain
from tmam.platform.models import LogEntry
from tmam.platform.statements import run_verb
from tmam.tickets.models import SigningKey, Ticket

pytestmark = pytest.mark.django_db


def payment_of(checkout: Checkout) -> Payment:
    return Payment.objects.get(checkout_id=checkout.id)


def state_of(checkout: Checkout) -> str:
    return Checkout.objects.get(id=checkout.id).state


def seconds(count: int) -> datetime:
    return NOW + timedelta(seconds=count)


def test_a_lost_approval_becomes_tickets_within_two_minutes() -> None:
    checkout = ready(make_event())
    pay(checkout, "lost")
    assert reconcile_once(seconds(5)) == 0  # too soon to ask again
    assert reconcile_once(seconds(12)) >= 1
    assert (state_of(checkout), len(orders_of(checkout))) == (CheckoutState.DONE, 1)


def test_a_lost_refusal_opens_the_basket_again_and_is_told() -> None:
    checkout = ready(make_event())
    pay(checkout, "lost-decline")
    reconcile_once(seconds(12))
    assert state_of(checkout) == CheckoutState.OPEN
    (fact,) = LogEntry.objects.filter(
        event_id=NO_EVENT, name="payment.declined", data__checkout_id=str(checkout.id)
    )
    assert fact.data["was_waiting"]
    drain()
    mail = Mail.objects.get(cause=f"payment-declined:{payment_of(checkout).id}")
    assert (mail.to, mail.template) == (checkout.email, "payment_declined")
    assert "took no money" in compose_mail(mail, NOW).body


def test_a_crash_before_the_bank_was_called_is_stopped_after_a_minute() -> None:
    checkout = ready(make_event())
    begun = begin_payment(checkout, agreed(checkout), NOW)
    assert begun.payment is not None
    reconcile_once(seconds(20))
    assert payment_of(checkout).state == PaymentState.UNKNOWN
    reconcile_once(seconds(70))
    assert (payment_of(checkout).state, state_of(checkout)) == (PaymentState.DECLINED, CheckoutState.OPEN)
    late = gateway_named("sandbox").start(
        payment_id=begun.payment.id, amount=Money(9000, "EUR"), method_token="approve", return_url=""
    )
    assert late == gateway_named("sandbox").ask(begun.payment.id)
    assert SandboxCharge.objects.get(idempotency_key=begun.payment.id).state == "declined"


def test_a_crash_after_the_bank_was_called_is_found_out() -> None:
    checkout = ready(make_event())
    begun = begin_payment(checkout, agreed(checkout), NOW)
    assert begun.payment is not None
    bank.charge(begun.payment.id, Money(9000, "EUR"), "approve", "")
    reconcile_once(seconds(12))
    assert len(orders_of(checkout)) == 1


def test_a_crash_before_the_tickets_is_finished() -> None:
    paid, free = ready(make_event()), ready(make_event(types=(Type(price_minor=0),)))
    begun = begin_payment(paid, agreed(paid), NOW)
    begin_payment(free, agreed(free), NOW)
    assert begun.payment is not None
    Payment.objects.filter(id=begun.payment.id).update(state="approved", settled_at=NOW)
    assert reconcile_once(seconds(5)) >= 2
    assert [len(orders_of(checkout)) for checkout in (paid, free)] == [1, 1]


def test_a_crash_before_the_banks_question_was_noted_leaves_the_buyer_time_to_answer() -> None:
    checkout = ready(make_event())
    begun = begin_payment(checkout, agreed(checkout), NOW)
    assert begun.payment is not None
    bank.charge(begun.payment.id, Money(9000, "EUR"), "confirm", "http://localhost/")
    reconcile_once(seconds(70))
    assert payment_of(checkout).state == PaymentState.CONFIRMING
    bank.decide(begun.payment.id, approve=True)
    reconcile_once(seconds(90))
    assert len(orders_of(checkout)) == 1


def test_a_buyer_who_never_comes_back_from_the_bank() -> None:
    checkout = ready(make_event())
    pay(checkout, "confirm")
    reconcile_once(seconds(13 * 60))
    assert payment_of(checkout).state == PaymentState.CONFIRMING
    reconcile_once(seconds(14 * 60 + 5))
    assert payment_of(checkout).decline_reason == "timed_out"
    assert state_of(checkout) == CheckoutState.OPEN


def test_a_buyer_who_approved_and_closed_the_window_gets_tickets() -> None:
    checkout = ready(make_event())
    pay(checkout, "confirm")
    bank.decide(payment_of(checkout).id, approve=True)
    reconcile_once(seconds(30))
    assert len(orders_of(checkout)) == 1


def test_coming_back_from_the_bank() -> None:
    checkout = ready(make_event())
    pay(checkout, "confirm")
    checkout.refresh_from_db()
    assert return_from_bank(checkout, NOW).step is Step.BANK  # pressed back without deciding
    bank.decide(payment_of(checkout).id, approve=False)
    back = return_from_bank(checkout, NOW)
    assert (back.step, back.decline_reason) == (Step.PAY, "cancelled")
    checkout.refresh_from_db()
    assert return_from_bank(checkout, NOW).step is Step.PAY


def test_paying_another_way_stops_the_bank_first() -> None:
    checkout = ready(make_event())
    pay(checkout, "confirm")
    checkout.refresh_from_db()
    assert stop_payment(checkout, NOW).step is Step.PAY
    assert bank.decide(payment_of(checkout).id, approve=True).state == "declined"  # type: ignore[union-attr]
    assert pay(checkout).step is Step.DONE


def test_stopping_too_late_gives_the_tickets() -> None:
    checkout = ready(make_event())
    pay(checkout, "confirm")
    bank.decide(payment_of(checkout).id, approve=True)
    checkout.refresh_from_db()
    assert stop_payment(checkout, NOW).step is Step.DONE


def test_the_waiting_page_asks_by_itself() -> None:
    checkout = ready(make_event())
    pay(checkout, "lost")
    checkout.refresh_from_db()
    assert look_again(checkout, seconds(3)).step is Step.WAIT
    assert look_again(checkout, seconds(12)).step is Step.DONE
    checkout.refresh_from_db()
    assert look_again(checkout, seconds(13)).step is Step.DONE


def refunded_checkout() -> tuple[Event, Checkout]:
    """Paid, but the places are gone: the buyer gave them back in another window."""
    event = make_event()
    checkout = ready(event)
    pay(checkout, "confirm")
    (held,) = load_holds(checkout.holds.all()).values()
    run_verb(release_hold(event.id, held.id, held.visitor_id, NOW))
    bank.decide(payment_of(checkout).id, approve=True)
    return event, checkout


def test_a_refund_is_instructed_and_carried_out() -> None:
    _, checkout = refunded_checkout()
    reconcile_once(seconds(12))
    refund = Refund.objects.get(payment=payment_of(checkout))
    assert (refund.state, refund.done_at) == ("done", seconds(12))
    reconcile_once(seconds(30))
    assert SandboxCharge.objects.get(idempotency_key=payment_of(checkout).id).refunded_minor == 9000
    assert (state_of(checkout), orders_of(checkout)) == (CheckoutState.DONE, [])


def test_trouble_of_ours_is_tried_again_and_then_refunded_within_two_minutes() -> None:
    event = make_event()
    checkout = ready(event)
    SigningKey.objects.filter(event_id=event.id).delete()
    assert pay(checkout).step is Step.WAIT
    reconcile_once(seconds(60))
    assert state_of(checkout) == CheckoutState.PAYING
    reconcile_once(seconds(100))
    assert state_of(checkout) == CheckoutState.DONE
    refund = Refund.objects.get(payment=payment_of(checkout))
    assert (refund.reason, refund.amount_minor, refund.state) == ("could_not_issue", 9000, "done")
    (held,) = run_verb(read_holds(event.id, [row.hold_id for row in checkout.holds.all()])).values()
    assert held.state == "released"
    assert not Ticket.objects.filter(event_id=event.id).exists()
    assert_books_right(event.id)


def test_one_failing_piece_of_work_does_not_stop_the_others() -> None:
    broken, fine = ready(make_event()), ready(make_event())
    for checkout in (broken, fine):
        pay(checkout, "lost")
    Payment.objects.filter(checkout_id=broken.id).update(gateway="uninstalled")
    reconcile_once(seconds(12))
    assert [state_of(checkout) for checkout in (broken, fine)] == [CheckoutState.PAYING, CheckoutState.DONE]


def test_a_ticket_type_deleted_after_the_payment_gives_its_money_back_and_no_other() -> None:
    broken, fine = make_event(), make_event()
    checkout = ready(broken, fine)
    pay(checkout, "confirm")
    bank.decide(payment_of(checkout).id, approve=True)
    TicketType.objects.filter(event_id=broken.id).delete()
    reconcile_once(seconds(12))
    assert (state_of(checkout), len(Ticket.objects.filter(event_id=fine.id))) == (CheckoutState.PAYING, 2)
    reconcile_once(seconds(110))
    assert state_of(checkout) == CheckoutState.DONE
    refund = Refund.objects.get(payment=payment_of(checkout))
    assert (refund.reason, refund.amount_minor, refund.state) == ("could_not_issue", 9000, "done")
    assert_books_right(broken.id)


def test_an_event_deleted_after_the_payment_gives_its_money_back() -> None:
    event = make_event()
    checkout = ready(event)
    pay(checkout, "confirm")
    bank.decide(payment_of(checkout).id, approve=True)
    Event.objects.filter(id=event.id).delete()
    reconcile_once(seconds(12))
    assert state_of(checkout) == CheckoutState.PAYING
    reconcile_once(seconds(110))
    assert Refund.objects.get(payment=payment_of(checkout)).amount_minor == 9000


def test_refused_refunds_do_not_keep_others_waiting_and_are_not_sent_all_the_time() -> None:
    refused = start_payment(
        checkout_id=uuid4(), gateway="sandbox", amount=Money(9000, "EUR"), now=NOW
    ).payment
    for _ in range(3):
        instruct_refund(payment_id=refused.id, hold_id=uuid4(), amount_minor=1, reason="x", now=NOW)
    _, checkout = refunded_checkout()
    reconcile_once(seconds(12), batch=3)
    reconcile_once(seconds(14), batch=3)
    assert Refund.objects.get(payment=payment_of(checkout)).state == "done"
    assert {refund.tried_at for refund in refused.refunds.all()} <= {seconds(12), seconds(14)}
    reconcile_once(seconds(16), batch=3)
    assert not refused.refunds.filter(tried_at=seconds(16)).exists()


def test_free_checkouts_that_fail_do_not_keep_others_waiting() -> None:
    broken = ready(make_event(types=(Type(price_minor=0),)))
    fine = ready(make_event(types=(Type(price_minor=0),)))
    for checkout in (broken, fine):
        begin_payment(checkout, agreed(checkout), NOW)
    (row,) = broken.holds.all()
    TicketType.objects.filter(event_id=row.event_id).delete()
    Checkout.objects.filter(id=broken.id).update(opened_at=NOW - timedelta(minutes=1))
    reconcile_once(seconds(5), batch=1)
    reconcile_once(seconds(7), batch=1)
    assert [state_of(checkout) for checkout in (broken, fine)] == [CheckoutState.PAYING, CheckoutState.DONE]
    reconcile_once(NOW + timedelta(hours=25))
    assert (state_of(broken), orders_of(broken)) == (CheckoutState.DONE, [])


class SilentGateway:
    """A gateway whose network is down: the fake of the port for what the sandbox cannot be."""

    name = "silent"
    form_template = ""
    is_pretend = True

    def start(self, *, payment_id: UUID, amount: Money, method_token: str, return_url: str) -> Outcome:
        del payment_id, amount, method_token, return_url
        return Unknown()

    def ask(self, payment_id: UUID) -> Outcome:
        del payment_id
        return Unknown()

    def cancel(self, payment_id: UUID) -> Outcome:
        del payment_id
        return Unknown()

    def refund(self, *, refund_id: UUID, payment_id: UUID, amount: Money) -> RefundOutcome:
        del refund_id, payment_id, amount
        return RefundOutcome.UNKNOWN


def test_while_the_gateway_is_silent_nothing_is_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    checkout = ready(make_event())
    pay(checkout, "lost")
    monkeypatch.setattr("tmam.orders.reconcile.gateway_named", lambda _name: SilentGateway())
    for minute in range(1, 45):
        reconcile_once(NOW + timedelta(minutes=minute))
    (held,) = load_holds(checkout.holds.all()).values()
    assert held.is_live(NOW + timedelta(minutes=45))
    assert (payment_of(checkout).state, state_of(checkout)) == (PaymentState.UNKNOWN, CheckoutState.PAYING)
    monkeypatch.undo()
    reconcile_once(NOW + timedelta(minutes=46))
    assert len(orders_of(checkout)) == 1


def test_forgotten_baskets_are_closed_and_their_names_forgotten() -> None:
    checkout = fill(checkout_with(make_event(types=(Type(asks_name=True),))))
    reconcile_once(NOW + timedelta(hours=23))
    assert state_of(checkout) == CheckoutState.OPEN
    reconcile_once(NOW + timedelta(hours=25))
    checkout.refresh_from_db()
    assert (checkout.state, checkout.holders) == (CheckoutState.ABANDONED, {})
