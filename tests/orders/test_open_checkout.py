from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from tests.cast import NOW, Type, make_event
from tests.inventory.books import assert_books_right
from tests.orders.buyers import checkout_with, hold
from tmam.inventory import errors as inventory_errors
from tmam.inventory.holds import read_holds
from tmam.orders import errors
from tmam.orders.models import Checkout, CheckoutHold
from tmam.orders.open_checkout import add_hold, extend_checkout, remove_hold
from tmam.orders.queries import load_basket, own_checkout, running_checkouts
from tmam.orders.rules import BASKET_TAKES_MORE_FOR
from tmam.platform.statements import run_verb


def add(event_id: int, visitor_id: UUID | None, hold_id: UUID, **more: object) -> Checkout:
    now = more.get("now", NOW)
    return add_hold(visitor_id=visitor_id, event_id=event_id, hold_id=hold_id, language="es", now=now)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_holds_of_one_currency_share_a_checkout() -> None:
    visitor_id, first, second = uuid4(), make_event(), make_event()
    one = add(first.id, visitor_id, hold(first, visitor_id).id)
    two = add(second.id, visitor_id, hold(second, visitor_id).id)
    assert one == two
    basket = load_basket(one, NOW)
    assert [item.event.id for item in basket.items] == [first.id, second.id]
    assert (basket.total.amount_minor, basket.total.currency, basket.quantity) == (18_000, "EUR", 4)


@pytest.mark.django_db
def test_another_currency_or_another_day_is_another_checkout() -> None:
    visitor_id, euros, dollars = uuid4(), make_event(), make_event(currency="USD")
    one = add(euros.id, visitor_id, hold(euros, visitor_id).id)
    two = add(dollars.id, visitor_id, hold(dollars, visitor_id).id)
    tomorrow = NOW + BASKET_TAKES_MORE_FOR
    three = add(euros.id, visitor_id, hold(euros, visitor_id, now=tomorrow).id, now=tomorrow)
    assert len({one.id, two.id, three.id}) == 3
    assert {checkout.id for checkout in running_checkouts(visitor_id)} == {one.id, two.id, three.id}


@pytest.mark.django_db
def test_adding_twice_changes_nothing() -> None:
    visitor_id, event = uuid4(), make_event()
    held = hold(event, visitor_id)
    assert add(event.id, visitor_id, held.id) == add(event.id, visitor_id, held.id)
    assert CheckoutHold.objects.filter(hold_id=held.id).count() == 1


@pytest.mark.django_db
def test_a_strangers_hold_is_not_found() -> None:
    event = make_event()
    held = hold(event, uuid4())
    for visitor_id in (uuid4(), None):
        with pytest.raises(inventory_errors.HoldNotFoundError):
            add(event.id, visitor_id, held.id)
    with pytest.raises(inventory_errors.HoldNotFoundError):
        add(event.id + 1_000_000, held.visitor_id, held.id)


@pytest.mark.django_db
def test_a_hold_that_ran_out_is_not_added() -> None:
    visitor_id, event = uuid4(), make_event()
    held = hold(event, visitor_id)
    with pytest.raises(inventory_errors.HoldExpiredError):
        add(event.id, visitor_id, held.id, now=held.expires_at)


@pytest.mark.django_db
def test_removing_gives_the_places_back_once() -> None:
    event = make_event(capacity=2)
    checkout = checkout_with(event)
    (row,) = checkout.holds.all()
    for _ in range(2):
        remove_hold(
            checkout_id=checkout.id,
            visitor_id=checkout.visitor_id,
            event_id=event.id,
            hold_id=row.hold_id,
            now=NOW,
        )
    assert not checkout.holds.exists()
    assert hold(event, uuid4())
    assert_books_right(event.id)


@pytest.mark.django_db
def test_nobody_removes_from_anothers_basket() -> None:
    event = make_event()
    checkout = checkout_with(event)
    (row,) = checkout.holds.all()
    with pytest.raises(errors.CheckoutNotFoundError):
        remove_hold(
            checkout_id=checkout.id, visitor_id=uuid4(), event_id=event.id, hold_id=row.hold_id, now=NOW
        )
    with pytest.raises(errors.CheckoutNotFoundError):
        own_checkout(checkout.id, uuid4())


@pytest.mark.django_db
def test_more_time_once_for_everything_in_the_basket() -> None:
    checkout = checkout_with(make_event(), make_event(extension_minutes=9))
    extend_checkout(checkout_id=checkout.id, visitor_id=checkout.visitor_id, now=NOW)
    basket = load_basket(checkout, NOW)
    minutes = [(item.hold.expires_at - NOW) / timedelta(minutes=1) for item in basket.items]
    assert minutes == [15, 19]
    assert not basket.can_be_extended
    with pytest.raises(inventory_errors.AlreadyExtendedError):
        extend_checkout(checkout_id=checkout.id, visitor_id=checkout.visitor_id, now=NOW)


@pytest.mark.django_db
def test_no_more_time_for_what_ran_out() -> None:
    checkout = checkout_with(make_event())
    late = NOW + timedelta(minutes=10)
    with pytest.raises(inventory_errors.HoldExpiredError):
        extend_checkout(checkout_id=checkout.id, visitor_id=checkout.visitor_id, now=late)
    basket = load_basket(checkout, late)
    assert (len(basket.items), len(basket.lost)) == (0, 1)


@pytest.mark.django_db
def test_the_basket_knows_each_place() -> None:
    event = make_event(
        types=(Type(), Type(name="Named", asks_name=True), Type(name="Bound", asks_document=True))
    )
    visitor_id = uuid4()
    held = hold(event, visitor_id, {1: 1, 2: 2, 3: 1})
    basket = load_basket(add(event.id, visitor_id, held.id), NOW)
    assert [place.index for place in basket.places] == [0, 1, 2, 3]
    assert [(place.index, place.asks_document) for place in basket.places_to_name] == [
        (1, False),
        (2, False),
        (3, True),
    ]
    assert not basket.is_named()


@pytest.mark.usefixtures("live_database")
def test_a_double_click_adds_once() -> None:
    visitor_id, event = uuid4(), make_event()
    held = hold(event, visitor_id)
    answers: list[Checkout] = []
    barrier = threading.Barrier(6)

    def run() -> None:
        barrier.wait()
        answers.append(add(event.id, visitor_id, held.id))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({checkout.id for checkout in answers}) == 1
    assert len(answers) == 6
    assert run_verb(read_holds(event.id, [held.id]))[held.id].state == "held"
