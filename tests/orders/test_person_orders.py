"""Whose orders are whose: filled from the event log, by address, whatever its case."""

import pytest

from tests.cast import make_event, unique
from tests.notifications.purchases import buy
from tmam.orders.models import PersonOrder
from tmam.orders.person_orders import orders_of, remember_orders
from tmam.platform.event_log import Entry, drain
from tmam.platform.models import LogEntry

pytestmark = pytest.mark.django_db


def entry_of(order_id: str) -> Entry:
    row = LogEntry.objects.get(data__order_id=order_id)
    return Entry(1, row.event_id, row.id, row.name, row.at, row.actor, row.data)


def test_an_order_belongs_to_the_address_it_was_bought_with() -> None:
    email = f"{unique('Ana')}@Buyers.example"
    order = buy(make_event(), email=email)
    drain()
    (row,) = orders_of([email.swapcase()])
    assert (row.event_id, row.order_id) == (order.event_id, order.id)
    assert row.booking_reference == order.booking_reference
    assert row.ordered_at == order.confirmed_at


def test_being_told_again_changes_nothing() -> None:
    order = buy(make_event(), email=f"{unique('ana')}@buyers.example")
    drain()
    remember_orders([entry_of(str(order.id))] * 2)
    assert PersonOrder.objects.filter(order_id=order.id).count() == 1


def test_several_addresses_give_one_list_newest_first() -> None:
    first, second = (f"{unique('ana')}@buyers.example" for _ in range(2))
    event = make_event()
    orders = [buy(event, email=first), buy(event, email=second)]
    drain()
    PersonOrder.objects.filter(order_id=orders[0].id).update(ordered_at="2030-01-01T00:00Z")
    assert [row.order_id for row in orders_of([first, second])] == [orders[0].id, orders[1].id]
    assert orders_of([]) == []
