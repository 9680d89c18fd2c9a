"""Paid holds become orders with tickets, ledger entries and a log row, all at once and only once."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import Sum

from tests.cast import NOW, Type, make_event, make_seated_event
from tests.inventory.books import assert_books_right
from tmam.catalog.models import Event
from tmam.catalog.offers import load_offer
from tmam.inventory.draws import HoldRequest, wishes_for
from tmam.inventory.errors import HoldExpiredError
from tmam.inventory.hold_places import hold_places
from tmam.inventory.holds import Hold
from tmam.inventory.seat_plans import load_plan
from tmam.kernel.token import verify_token
from tmam.ledger.models import Entry
from tmam.orders.confirm_order import confirm_orders
from tmam.orders.models import Order
from tmam.orders.order_rows import ConfirmedOrder, ConfirmRequest
from tmam.orders.wanted_tickets import Holder
from tmam.payments.models import Allocation
from tmam.platform.models import LogEntry
from tmam.platform.statements import run_verb
from tmam.tickets.holders import opened_document
from tmam.tickets.models import Ticket
from tmam.tickets.signing_keys import load_signing_key, public_keys

pytestmark = pytest.mark.usefixtures("live_database")


def hold(event: Event, quantities: dict[int, int], now: Any = NOW) -> Hold:
    offer = run_verb(load_offer(event.id))
    assert offer is not None
    plan = run_verb(load_plan(event.seat_plan_id)) if event.seat_plan_id else None
    (answer,) = run_verb(
        hold_places(offer, plan, [HoldRequest(uuid4(), uuid4(), wishes_for(1, quantities))], now)
    )
    assert isinstance(answer, Hold)
    return answer


def ask(held: Hold, *, paid: bool = True, **fields: Any) -> ConfirmRequest:
    defaults: dict[str, Any] = {
        "hold_id": held.id,
        "order_id": uuid4(),
        "checkout_id": uuid4(),
        "payment_id": uuid4() if paid else None,
        "gateway": "sandbox" if paid else None,
        "email": "maria@buyers.example",
        "name": "María Soler",
        "language": "es",
        "terms_version": "1",
        "actor": f"visitor:{held.visitor_id}",
    }
    return ConfirmRequest(**(defaults | fields))


def confirm(event: Event, *requests: ConfirmRequest, now: Any = NOW) -> list[Any]:
    key = run_verb(load_signing_key(event.id))
    return run_verb(confirm_orders(event.id, requests, key, now))


def test_a_paid_hold_becomes_an_order_with_signed_tickets() -> None:
    event = make_event(capacity=10, types=(Type(4500, asks_name=True),))
    held = hold(event, {1: 2})
    request = ask(held, holders=[Holder("María Soler"), Holder("Juan Gil", "X7654321L")])
    (order,) = confirm(event, request)
    assert isinstance(order, ConfirmedOrder)
    assert (order.total_minor, order.currency, len(order.tickets)) == (9000, "EUR", 2)
    row = Order.objects.get(event_id=event.id, id=request.order_id)
    assert (row.state, row.booking_reference, row.confirmed_at) == ("confirmed", order.booking_reference, NOW)
    assert row.lines[0]["name"] == {"en": "General admission", "es": "General admission"}
    tickets = list(Ticket.objects.filter(event_id=event.id, order_id=request.order_id).order_by("serial"))
    assert [(ticket.serial, ticket.holder_name) for ticket in tickets] == [
        (1, "María Soler"),
        (2, "Juan Gil"),
    ]
    assert run_verb(opened_document(tickets[1])) == "X7654321L"
    body = verify_token(order.tickets[0].token, run_verb(public_keys(event.id)))
    assert (body.event_id, body.serial, body.date_ordinal, body.ticket_type) == (event.id, 1, 1, 1)
    assert_books_right(event.id)


def test_the_ledger_balances_with_what_was_paid() -> None:
    event = make_event(types=(Type(4500, fee_minor=200, tax_basis_points=1000),))
    request = ask(hold(event, {1: 2}))
    confirm(event, request)
    entries = Entry.objects.filter(event_id=event.id, cause_id=request.order_id)
    organizer = f"organizer:{event.organizer_id}"
    assert {entry.to_account: entry.amount_minor for entry in entries} == {
        f"{organizer}:sales": 7818,
        f"{organizer}:tax": 782,
        "platform:fees": 400,
    }
    allocated = Allocation.objects.filter(event_id=event.id).aggregate(total=Sum("amount_minor"))["total"]
    assert allocated == entries.aggregate(total=Sum("amount_minor"))["total"] == 9000
    (fact,) = LogEntry.objects.filter(event_id=event.id, name="order.confirmed")
    assert fact.data["order_id"] == str(request.order_id)
    assert fact.data["tickets"] == [1, 2]


def test_a_free_order_moves_no_money() -> None:
    event = make_event(types=(Type(0, "Child"),))
    (order,) = confirm(event, ask(hold(event, {1: 1}), paid=False))
    assert order.total_minor == 0
    assert not Entry.objects.filter(event_id=event.id).exists()
    assert not Allocation.objects.filter(event_id=event.id).exists()


def test_confirming_again_answers_with_the_first_order() -> None:
    event = make_event()
    held = hold(event, {1: 1})
    first_request = ask(held)
    (first,) = confirm(event, first_request)
    (again,) = confirm(event, ask(held))
    assert (again.order_id, again.booking_reference) == (first_request.order_id, first.booking_reference)
    assert Ticket.objects.filter(event_id=event.id).count() == 1


def test_a_refused_order_leaves_its_neighbours_alone() -> None:
    event = make_event(capacity=2)
    lapsed = hold(event, {1: 1})
    later = NOW + timedelta(minutes=30)
    alive, alive_too = hold(event, {1: 1}, now=later), hold(event, {1: 1}, now=later)
    requests = [ask(lapsed), ask(alive), ask(alive_too)]
    refused, *orders = confirm(event, *requests, now=later)
    assert refused == HoldExpiredError(lapsed.expires_at)
    assert [order.order_id for order in orders] == [requests[1].order_id, requests[2].order_id]
    assert [ticket.serial for order in orders for ticket in order.tickets] == [1, 2]
    assert_books_right(event.id)


def test_seats_are_on_the_ticket_and_in_the_token() -> None:
    event = make_seated_event()
    (order,) = confirm(event, ask(hold(event, {1: 2})))
    tickets = list(Ticket.objects.filter(event_id=event.id).order_by("serial"))
    assert [(ticket.seat, ticket.place_label) for ticket in tickets] == [
        (5, "Stalls · 1 · 5"),
        (6, "Stalls · 1 · 6"),
    ]
    body = verify_token(order.tickets[0].token, run_verb(public_keys(event.id)))
    assert (body.place.block, body.place.row, body.place.seat) == (1, 1, 5)  # type: ignore[union-attr]


def test_an_unknown_hold_is_no_order() -> None:
    event = make_event()
    held = hold(event, {1: 1})
    (refused,) = confirm(event, ask(held, hold_id=UUID(int=7)))
    assert refused.code == "inventory.hold_not_found"
