"""What sellers read of orders."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, Type, make_event
from tests.notifications.purchases import buy
from tmam.orders.models import Order
from tmam.orders.sales import CurrencySales, TypeSales, latest_orders, sales_by_type, sales_since, tickets_in
from tmam.platform.statements import run_verb

pytestmark = pytest.mark.django_db


def test_sales_are_summed_by_currency_from_an_instant_on() -> None:
    euros, dollars = make_event(), make_event(currency="USD", types=(Type(price_minor=1000),))
    buy(euros, quantities={1: 5}, now=NOW - timedelta(hours=2))
    buy(euros, quantities={1: 2})
    buy(dollars, quantities={1: 1})
    buy(dollars, quantities={1: 3})
    sales = run_verb(sales_since([euros.id, dollars.id], NOW - timedelta(hours=1)))
    assert sales == [CurrencySales("EUR", 1, 2, 9000), CurrencySales("USD", 2, 4, 4000)]
    assert run_verb(sales_since([], NOW)) == []


def test_cancelled_orders_are_no_sales() -> None:
    event = make_event()
    order = buy(event)
    Order.objects.filter(event_id=event.id, id=order.id).update(state="cancelled")
    assert run_verb(sales_since([event.id], NOW)) == []


def test_latest_orders_are_the_newest_of_these_events_only() -> None:
    event, other = make_event(), make_event()
    old, new = buy(event, now=NOW - timedelta(days=2)), buy(event)
    buy(other)
    assert [order.id for order in latest_orders([event.id], NOW + timedelta(seconds=1), 5)] == [
        new.id,
        old.id,
    ]
    assert [order.id for order in latest_orders([event.id], NOW + timedelta(seconds=1), 1)] == [new.id]


def test_tickets_in_an_order_are_counted_over_its_lines() -> None:
    event = make_event(types=(Type(), Type(name="Reduced")))
    assert tickets_in(buy(event, quantities={1: 2, 2: 1})) == 3


def test_sales_by_type_count_valid_tickets() -> None:
    event = make_event(
        types=(Type(price_minor=4500), Type(name="Reduced", price_minor=3000), Type(name="Child"))
    )
    buy(event, quantities={1: 2, 2: 1})
    buy(event, quantities={2: 1})
    assert sales_by_type(event.id) == {1: TypeSales(1, 2, 9000), 2: TypeSales(2, 2, 6000)}
