"""Limits at the till: people count when they become known, a card before it is charged; a refusal changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, make_event, make_user
from tests.inventory.books import assert_books_right
from tests.orders.buyers import EMAIL, agreed, checkout_with, fill, hold, pay, ready
from tmam.catalog.models import Event
from tmam.catalog.sales_rules import SalesLimit
from tmam.inventory.errors import HoldExpiredError, LimitReachedError
from tmam.inventory.models import Counter
from tmam.inventory.sweep import sweep_expired
from tmam.orders import errors
from tmam.orders.claim_identities import claim_identities, restore_identities
from tmam.orders.models import Checkout, CheckoutState
from tmam.orders.open_checkout import claim_account
from tmam.orders.pay_checkout import begin_payment, pay_checkout
from tmam.orders.progress import Progress, Step
from tmam.orders.queries import load_basket, load_holds
from tmam.payments.adapters.sandbox import bank
from tmam.payments.models import Payment, SandboxCharge

pytestmark = pytest.mark.django_db


def limited(kind: str, most: int, **fields: object) -> Event:
    event = make_event()
    SalesLimit.objects.create(event=event, kind=kind, most=most, **fields)
    return event


def counted(event: Event, kind: str) -> list[tuple[int, int]]:
    """`(held, sold)` of every identity of a kind that counts for something, fewest first."""
    rows = Counter.objects.filter(event_id=event.id, kind=kind).exclude(held=0, sold=0)
    return sorted((row.held, row.sold) for row in rows)


def state_of(checkout: Checkout) -> str:
    return Checkout.objects.get(id=checkout.id).state


def holds_of(checkout: Checkout) -> list[str]:
    return [held.state for held in load_holds(checkout.holds.all()).values()]


def test_an_address_counts_when_it_is_typed_and_its_order_counts_on() -> None:
    event = limited("email", 3)
    checkout = ready(event)
    assert counted(event, "email") == [(2, 0)]
    assert pay(checkout).step is Step.DONE
    assert counted(event, "email") == [(0, 2)]
    second = checkout_with(event)
    with pytest.raises(LimitReachedError) as caught:
        fill(second, email=f" {EMAIL.upper()}")
    assert caught.value == LimitReachedError("email", most=3, left=1)
    assert holds_of(second) == ["held"]
    assert fill(second, email="luis@example.org").email == "luis@example.org"
    assert_books_right(event.id)


def test_a_refused_address_changes_nothing_of_what_was_saved() -> None:
    event = limited("email", 2)
    ready(event)
    checkout = fill(checkout_with(event), email="luis@example.org")
    with pytest.raises(LimitReachedError):
        fill(checkout, email=EMAIL, name="Somebody Else")
    checkout.refresh_from_db()
    assert (checkout.email, checkout.name) == ("luis@example.org", "Maria Lopez")
    assert counted(event, "email") == [(2, 0), (2, 0)]


def test_another_address_moves_the_count() -> None:
    event = limited("email", 2)
    checkout = ready(event)
    fill(checkout, email="luis@example.org")
    assert counted(event, "email") == [(2, 0)]
    ready(event)  # so the first address is free again


def test_over_several_events_all_count_or_none() -> None:
    free, full = limited("email", 2), limited("email", 2)
    ready(full)
    checkout = checkout_with(free, full)
    with pytest.raises(LimitReachedError):
        fill(checkout)
    assert counted(free, "email") == []
    fill(checkout, email="luis@example.org")
    assert (counted(free, "email"), counted(full, "email")) == ([(2, 0)], [(2, 0), (2, 0)])


def test_a_phone_is_needed_only_where_it_is_limited_and_forgotten_in_the_end() -> None:
    event = limited("phone", 2)
    nameless = fill(checkout_with(event))
    assert load_basket(nameless, NOW).asks_phone
    with pytest.raises(errors.DetailsMissingError):
        pay(nameless)
    assert not load_basket(ready(make_event()), NOW).asks_phone
    assert not load_basket(ready(limited("phone", 2, exempt_channels=["web"])), NOW).asks_phone
    checkout = fill(checkout_with(event), phone="+34600123456")
    assert counted(event, "phone") == [(2, 0)]
    assert pay(checkout).step is Step.DONE
    assert Checkout.objects.get(id=checkout.id).phone == ""
    with pytest.raises(LimitReachedError) as caught:
        fill(nameless, phone="+34600123456")
    assert caught.value.limit == "phone"


def test_an_account_counts_at_the_basket_at_the_details_and_at_paying() -> None:
    event, user = limited("account", 2), make_user()
    first = checkout_with(event)
    claim_account(first, None, NOW)
    assert counted(event, "account") == []
    claim_account(first, user.pk, NOW)
    assert counted(event, "account") == [(2, 0)]
    second = checkout_with(event)
    with pytest.raises(LimitReachedError):
        claim_account(second, user.pk, NOW)
    with pytest.raises(LimitReachedError):
        fill(second, user_id=user.pk)
    fill(second)  # signed out: no account is known
    with pytest.raises(LimitReachedError):
        pay_as(second, user.pk)
    assert state_of(second) == CheckoutState.OPEN
    assert not Payment.objects.filter(checkout_id=second.id).exists()
    assert pay_as(fill(first), user.pk).step is Step.DONE
    assert Checkout.objects.get(id=first.id).user_id == user.pk
    assert counted(event, "account") == [(0, 2)]


def pay_as(checkout: Checkout, user_id: int) -> Progress:
    return pay_checkout(
        checkout_id=checkout.id,
        visitor_id=checkout.visitor_id,
        agreed=agreed(checkout),
        method_token="approve",
        return_url="http://localhost/",
        clock=lambda: NOW,
        user_id=user_id,
    )


def test_paying_counts_again_what_was_added_after_the_details() -> None:
    event = limited("email", 3)
    ready(event)
    checkout = ready(make_event())
    checkout.holds.create(event_id=event.id, hold_id=hold(event, checkout.visitor_id).id, added_at=NOW)
    with pytest.raises(LimitReachedError):
        pay(checkout)
    assert state_of(checkout) == CheckoutState.OPEN
    assert holds_of(checkout) == ["held", "held"]


def test_details_changed_in_another_window_are_not_paid_with_the_old_count() -> None:
    checkout = ready(limited("email", 2))
    stale = Checkout.objects.get(id=checkout.id)
    fill(checkout, email="luis@example.org")
    with pytest.raises(errors.BasketChangedError):
        begin_payment(stale, agreed(stale), NOW)


def test_details_that_come_too_late_leave_the_count_as_it_was() -> None:
    event = limited("email", 2)
    checkout = ready(event)
    pay(checkout, "confirm")
    with pytest.raises(errors.PaymentRunningError):
        fill(checkout, email="luis@example.org")
    assert counted(event, "email") == [(2, 0)]
    bank.decide(Payment.objects.get(checkout_id=checkout.id).id, approve=True)


def test_giving_back_what_others_took_meanwhile_counts_for_nobody() -> None:
    event = limited("email", 2)
    checkout = ready(event)
    held = list(load_holds(checkout.holds.all()).values())
    claim_identities(held, {"email": "luis@example.org"}, NOW, before={})
    ready(event)
    restore_identities(held, {"email": EMAIL}, NOW)
    assert counted(event, "email") == [(2, 0)]


def test_what_ran_out_counts_for_nobody() -> None:
    event = limited("email", 2)
    checkout = ready(event)
    late = NOW + timedelta(minutes=11)
    held = list(load_holds(checkout.holds.all()).values())
    sweep_expired(late)
    assert counted(event, "email") == []
    with pytest.raises(HoldExpiredError):
        claim_identities(held, {"email": EMAIL}, late, before={"email": ""})
    restore_identities(held, {"email": EMAIL}, late)
    assert counted(event, "email") == []


@pytest.mark.parametrize("kind", ["card", "card_day"])
def test_a_card_over_its_limit_is_not_charged_and_another_may_pay(kind: str) -> None:
    event = limited(kind, 3)
    assert pay(ready(event)).step is Step.DONE
    assert counted(event, kind) == [(0, 2)]
    checkout = ready(event)
    with pytest.raises(LimitReachedError) as caught:
        pay(checkout)
    assert caught.value == LimitReachedError(kind, most=3, left=1)
    refused = Payment.objects.get(checkout_id=checkout.id)
    assert (refused.state, refused.decline_reason) == ("declined", "card_limit")
    assert not SandboxCharge.objects.filter(idempotency_key=refused.id).exists()
    assert (state_of(checkout), holds_of(checkout)) == (CheckoutState.OPEN, ["held"])
    assert pay(checkout, "approve-2").step is Step.DONE
    assert counted(event, kind) == [(0, 2), (0, 2)]
    assert_books_right(event.id)


def test_a_card_refused_at_one_event_counts_at_none() -> None:
    free, full = limited("card", 2), limited("card", 2)
    pay(ready(full))
    checkout = ready(free, full)
    pay(checkout, "decline")
    assert counted(free, "card") == [(2, 0)]  # for the card that the bank refused
    with pytest.raises(LimitReachedError):
        pay(checkout, "approve")
    assert counted(free, "card") == []
    assert counted(full, "card") == [(0, 2)]
    assert pay(checkout, "approve-2").step is Step.DONE
    assert (counted(free, "card"), counted(full, "card")) == ([(0, 2)], [(0, 2), (0, 2)])


def test_a_payment_without_a_known_card_counts_for_none() -> None:
    event = limited("card", 2)
    assert pay(ready(event), "no-such-token").step is Step.PAY
    assert counted(event, "card") == []
