from __future__ import annotations

from uuid import uuid4

import pytest

from tests.cast import NOW, Type, make_event
from tests.orders.buyers import checkout_with, fill, pay
from tmam.orders import errors
from tmam.orders.models import Checkout
from tmam.orders.queries import load_basket
from tmam.orders.save_details import TypedHolder, document_ending, document_of, save_details

pytestmark = pytest.mark.django_db


def save(checkout: Checkout, holders: list[TypedHolder]) -> None:
    places = load_basket(checkout, NOW).places_to_name
    save_details(
        checkout_id=checkout.id,
        visitor_id=checkout.visitor_id,
        email="maria@example.org",
        name="Maria",
        language="es",
        holders=list(zip(places, holders, strict=True)),
        now=NOW,
    )
    checkout.refresh_from_db()


def test_documents_are_stored_encrypted_and_shown_by_their_ending_only() -> None:
    checkout = checkout_with(make_event(types=(Type(asks_document=True),)))
    save(checkout, [TypedHolder("Ana", "12345678Z"), TypedHolder("Luis", "X7654321L")])
    first, second = load_basket(checkout, NOW).places
    assert "12345678Z" not in str(checkout.holders)
    assert document_ending(first, checkout) == "78Z"
    assert document_of(second, checkout) == "X7654321L"
    assert load_basket(checkout, NOW).is_named()


def test_a_document_left_empty_keeps_the_one_typed_before() -> None:
    checkout = checkout_with(make_event(types=(Type(asks_document=True),)))
    save(checkout, [TypedHolder("Ana", "12345678Z"), TypedHolder("Luis", "X7654321L")])
    save(checkout, [TypedHolder("Ana Maria"), TypedHolder("Luis", "Y0000001K")])
    first, second = load_basket(checkout, NOW).places
    assert checkout.holders[str(first.hold_id)][0]["name"] == "Ana Maria"
    assert (document_ending(first, checkout), document_ending(second, checkout)) == ("78Z", "01K")


def test_places_that_ask_nothing_are_left_empty() -> None:
    from tests.orders.buyers import hold
    from tmam.orders.open_checkout import add_hold

    event, visitor_id = make_event(types=(Type(), Type(asks_name=True))), uuid4()
    held = hold(event, visitor_id, {1: 2, 2: 1})
    checkout = add_hold(visitor_id=visitor_id, event_id=event.id, hold_id=held.id, language="en", now=NOW)
    save(checkout, [TypedHolder("Ana")])
    assert checkout.holders == {str(held.id): [{}, {}, {"name": "Ana"}]}


def test_nothing_changes_while_money_is_on_its_way_or_after() -> None:
    waiting, done = (fill(checkout_with(make_event())) for _ in range(2))
    pay(waiting, "lost")
    pay(done)
    with pytest.raises(errors.PaymentRunningError):
        fill(waiting)
    with pytest.raises(errors.CheckoutClosedError):
        fill(done)
