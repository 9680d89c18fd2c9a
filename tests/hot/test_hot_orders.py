"""Buying in one step over HTTP: tickets at once, books complete, repeated and refused requests."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.cast import Type, make_event, make_seated_event, make_trip_event
from tests.hot.conftest import Talk
from tests.inventory.books import assert_books_right
from tests.orders.buyers import EMAIL, pay, ready
from tmam.catalog.models import Event, SalesLimit
from tmam.cli.doctor.invariants import INVARIANTS
from tmam.inventory.models import Hold
from tmam.kernel.token import verify_token
from tmam.ledger.models import Entry
from tmam.orders.models import Checkout, CheckoutHold, Order
from tmam.payments.models import Allocation, Payment, SandboxCharge
from tmam.platform.models import LogEntry
from tmam.platform.statements import run_verb
from tmam.tickets.models import Ticket
from tmam.tickets.signing_keys import public_keys

Conversation = Callable[[httpx.AsyncClient], Awaitable[Any]]


def now() -> datetime:
    return datetime.now(UTC)


async def hold(client: httpx.AsyncClient, event: Event, quantity: int = 1, **line: Any) -> dict[str, Any]:
    body = {"event": event.id, "lines": [{"date": 1, "ticket_type": 1, "quantity": quantity, **line}]}
    response = await client.post("/hot/holds", json=body)
    assert response.status_code == 201, response.text
    held: dict[str, Any] = response.json()
    return held


def order(held: dict[str, Any], **changes: Any) -> dict[str, Any]:
    body = {
        "event": held["event"],
        "hold": held["hold"],
        "email": "ana@example.org",
        "name": "Ana García",
        "language": "es",
        "total_minor": held["total_minor"],
        "accepts_terms": True,
        "payment": {"gateway": "sandbox", "method": "approve"},
    }
    return {name: value for name, value in (body | changes).items() if value is not None}


async def buy(client: httpx.AsyncClient, held: dict[str, Any], **changes: Any) -> httpx.Response:
    return await client.post("/hot/orders", json=order(held, **changes))


def violations(event: Event) -> list[str]:
    """The doctor's findings about one event, by name."""
    from importlib import resources

    import psycopg
    from django.db import connection

    found = []
    for invariant in INVARIANTS:
        text = resources.files("tmam.cli.doctor").joinpath("sql", f"{invariant.name}.sql").read_text()
        with psycopg.RawCursor(connection.connection) as cursor:
            cursor.execute(text.encode(), [now()] if "$1" in text else None)
            found += [invariant.name for row in cursor.fetchall() if row[0] == event.id]
    return found


def test_a_purchase_leaves_everything_a_checkout_would(talk: Talk[httpx.Response]) -> None:
    event = make_event(now=now(), capacity=10)

    async def conversation(client: httpx.AsyncClient) -> httpx.Response:
        return await buy(client, await hold(client, event, 2))

    response = talk(conversation)
    assert response.status_code == 201
    answer = response.json()
    assert (answer["event"], answer["total_minor"], answer["currency"]) == (event.id, 9000, "EUR")
    keys = run_verb(public_keys(event.id))
    bodies = [verify_token(ticket["token"], keys) for ticket in answer["tickets"]]
    assert [body.serial for body in bodies] == [ticket["serial"] for ticket in answer["tickets"]] == [1, 2]
    made = Order.objects.get(event_id=event.id)
    assert (made.booking_reference, made.email) == (answer["booking_reference"], "ana@example.org")
    checkout = Checkout.objects.get(id=made.checkout_id)
    assert (checkout.state, checkout.language) == ("done", "es")
    assert CheckoutHold.objects.get(checkout=checkout).hold_id == made.hold_id
    payment = Payment.objects.get(checkout_id=checkout.id)
    assert (payment.state, payment.amount_minor) == ("approved", 9000)
    assert SandboxCharge.objects.get(idempotency_key=payment.id).amount_minor == 9000
    assert Allocation.objects.get(event_id=event.id).amount_minor == 9000
    assert sum(Entry.objects.filter(event_id=event.id).values_list("amount_minor", flat=True)) == 9000
    assert LogEntry.objects.filter(event_id=event.id, name="order.confirmed").count() == 1
    assert violations(event) == []
    assert_books_right(event.id)


def test_a_repeated_purchase_is_the_same_order(talk: Talk[list[httpx.Response]]) -> None:
    event = make_event(now=now(), capacity=10)

    async def conversation(client: httpx.AsyncClient) -> list[httpx.Response]:
        held = await hold(client, event)
        at_once = await asyncio.gather(*(buy(client, held) for _ in range(5)))
        return [*at_once, await buy(client, held)]

    answers = [response.json() for response in talk(conversation)]
    assert all(answer == answers[0] for answer in answers)
    assert Order.objects.filter(event_id=event.id).count() == 1
    assert Ticket.objects.filter(event_id=event.id).count() == 1
    assert violations(event) == []


def test_a_free_order_needs_no_card(talk: Talk[httpx.Response]) -> None:
    event = make_event(now=now(), types=(Type(0, fee_minor=0),))

    async def conversation(client: httpx.AsyncClient) -> httpx.Response:
        return await buy(client, await hold(client, event), payment=None)

    assert talk(conversation).status_code == 201
    assert not Payment.objects.filter(checkout_id=Order.objects.get(event_id=event.id).checkout_id).exists()
    assert violations(event) == []


REFUSED: list[tuple[dict[str, Any], str, int]] = [
    ({"total_minor": 1}, "orders.total_changed", 409),
    ({"accepts_terms": False}, "orders.terms_not_accepted", 400),
    ({"payment": {"gateway": "sandbox", "method": "decline"}}, "payments.declined", 402),
    ({"payment": {"gateway": "sandbox", "method": "confirm"}}, "payments.not_instant", 409),
    ({"payment": {"gateway": "elsewhere", "method": "x"}}, "payments.not_instant", 409),
    ({"payment": None}, "payments.not_instant", 409),
    ({"hold": str(uuid4())}, "inventory.hold_not_found", 404),
    ({"event": 2**31 - 1}, "inventory.hold_not_found", 404),
    ({"event": 2**40}, "inventory.hold_not_found", 404),
    ({"email": "nobody"}, "platform.bad_request", 400),
    ({"name": ""}, "platform.bad_request", 400),
    ({"name": "x" * 501}, "platform.bad_request", 400),
    ({"hold": "x"}, "platform.bad_request", 400),
    ({"surprise": 1}, "platform.bad_request", 400),
]


@pytest.mark.parametrize(("changes", "code", "status"), REFUSED)
def test_what_is_refused_leaves_the_hold_as_it_was(
    talk: Talk[tuple[httpx.Response, httpx.Response]], changes: dict[str, Any], code: str, status: int
) -> None:
    event = make_event(now=now(), capacity=10)

    async def conversation(client: httpx.AsyncClient) -> tuple[httpx.Response, httpx.Response]:
        held = await hold(client, event)
        body = order(held) | changes
        body = {name: value for name, value in body.items() if value is not None}
        return await client.post("/hot/orders", json=body), await buy(client, held)

    refused, bought = talk(conversation)
    assert (refused.json()["code"], refused.status_code) == (code, status)
    assert bought.status_code == 201
    assert violations(event) == []


def test_somebody_elses_hold_cannot_be_bought(talk: Talk[httpx.Response]) -> None:
    event = make_event(now=now(), capacity=10)

    async def conversation(client: httpx.AsyncClient) -> httpx.Response:
        held = await hold(client, event)
        client.cookies.clear()
        assert (await buy(client, held)).json()["code"] == "inventory.hold_not_found"
        await hold(client, event)  # now a visitor, but another one
        return await buy(client, held)

    assert talk(conversation).json()["code"] == "inventory.hold_not_found"
    assert not Order.objects.filter(event_id=event.id).exists()


def test_a_hold_in_a_basket_is_bought_there(talk: Talk[httpx.Response]) -> None:
    event = make_event(now=now(), capacity=10)

    async def conversation(client: httpx.AsyncClient) -> httpx.Response:
        from asgiref.sync import sync_to_async

        from tmam.orders.open_checkout import add_hold

        held = await hold(client, event)
        row = await Hold.objects.aget(event_id=event.id)
        await sync_to_async(add_hold)(
            visitor_id=row.visitor_id, event_id=event.id, hold_id=row.id, language="en", now=now()
        )
        return await buy(client, held)

    assert talk(conversation).json()["code"] == "orders.in_checkout"


def test_names_are_asked_where_the_ticket_carries_one(talk: Talk[list[httpx.Response]]) -> None:
    event = make_event(now=now(), types=(Type(asks_name=True),))

    async def conversation(client: httpx.AsyncClient) -> list[httpx.Response]:
        held = await hold(client, event, 2)
        some = [{"name": "Ana García"}, {}]
        both = [{"name": "Ana García"}, {"name": "Bea Ruiz"}]
        return [await buy(client, held, holders=holders) for holders in ([], some, both)]

    missing, half, whole = talk(conversation)
    assert missing.json()["code"] == half.json()["code"] == "orders.details_missing"
    assert whole.status_code == 201
    tickets = Ticket.objects.filter(event_id=event.id).order_by("serial")
    assert [ticket.holder_name for ticket in tickets] == ["Ana García", "Bea Ruiz"]


def test_limits_per_address_and_card_hold_for_purchases_of_one_batch(
    talk: Talk[list[httpx.Response]],
) -> None:
    event = make_event(now=now(), capacity=50)
    SalesLimit.objects.create(event=event, kind="card", most=3)

    async def conversation(client: httpx.AsyncClient) -> list[httpx.Response]:
        holds = [await hold(client, event, 2) for _ in range(2)]
        return list(await asyncio.gather(*(buy(client, held) for held in holds))) + [
            await buy(client, held, payment={"gateway": "sandbox", "method": "approve-2"}) for held in holds
        ]

    statuses = sorted(response.status_code for response in talk(conversation)[:2])
    assert statuses == [201, 409]
    assert Order.objects.filter(event_id=event.id).count() == 2
    assert violations(event) == []
    assert_books_right(event.id)


def test_a_lapsed_hold_does_not_use_up_a_card(talk: Talk[httpx.Response]) -> None:
    event = make_event(now=now(), capacity=50)
    SalesLimit.objects.create(event=event, kind="card", most=2)

    async def conversation(client: httpx.AsyncClient) -> httpx.Response:
        from asgiref.sync import sync_to_async

        from tmam.catalog.offers import load_offer
        from tmam.inventory.claim_limits import claim_limits

        await hold(client, event, 2)
        row = await Hold.objects.aget(event_id=event.id)
        offer = await sync_to_async(run_verb)(load_offer(event.id))
        card = {"card": "sandbox:approve"}
        await sync_to_async(run_verb)(claim_limits(offer, row.id, row.visitor_id, card, now()))
        await Hold.objects.filter(event_id=event.id).aupdate(expires_at=now() - timedelta(seconds=1))
        client.cookies.clear()
        return await buy(client, await hold(client, event, 2))

    assert talk(conversation).status_code == 201
    assert violations(event) == []
    assert_books_right(event.id)


def test_numbered_seats_and_stretches_are_in_the_tokens(talk: Talk[list[httpx.Response]]) -> None:
    hall = make_seated_event(now=now(), rows=2, seats_per_row=6)
    line = make_trip_event(now=now(), stops=5, seats_per_coach=8)

    async def conversation(client: httpx.AsyncClient) -> list[httpx.Response]:
        return [
            await buy(client, await hold(client, hall, 2)),
            await buy(client, await hold(client, line, 1, from_stop=1, to_stop=3)),
        ]

    seated, trip = [response.json() for response in talk(conversation)]
    assert [ticket["seat"] for ticket in seated["tickets"]] == [3, 4]
    place = verify_token(trip["tickets"][0]["token"], run_verb(public_keys(line.id))).place
    assert (place.from_stop, place.to_stop) == (1, 3)  # type: ignore[union-attr]  # a coach place
    for event in (hall, line):
        assert violations(event) == []
        assert_books_right(event.id)


def test_hundreds_at_once_are_each_bought_once(talk: Talk[list[int]]) -> None:
    event = make_event(now=now(), capacity=60, max_per_order=100)

    async def conversation(client: httpx.AsyncClient) -> list[int]:
        async def one() -> int:
            body = {"event": event.id, "date": 1, "quantities": {"1": 1}}
            held = await client.post("/hot/holds", json=body)
            if held.status_code != 201:
                return held.status_code
            return (await buy(client, held.json())).status_code

        return await asyncio.gather(*(one() for _ in range(100)))

    statuses = talk(conversation)
    assert (statuses.count(201), statuses.count(409)) == (60, 40)
    assert Order.objects.filter(event_id=event.id).count() == 60
    assert violations(event) == []


def test_production_sells_nothing_for_pretend_money(
    talk: Talk[httpx.Response], monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_event(now=now(), capacity=10)
    monkeypatch.setenv("TMAM_MODE", "production")
    monkeypatch.setenv("TMAM_SECRET_KEY", "a-secret-of-this-test-that-is-long-enough-to-be-one-indeed")

    async def conversation(client: httpx.AsyncClient) -> httpx.Response:
        return await buy(client, await hold(client, event))

    assert talk(conversation).json()["code"] == "payments.no_gateway"


def test_holds_over_several_events_are_all_or_nothing(talk: Talk[list[httpx.Response]]) -> None:
    first, second = make_event(now=now(), capacity=5), make_event(now=now(), capacity=1)

    async def conversation(client: httpx.AsyncClient) -> list[httpx.Response]:
        def basket(quantity: int) -> dict[str, Any]:
            return {
                "holds": [
                    {"event": event.id, "date": 1, "quantities": {"1": quantity}} for event in (first, second)
                ]
            }

        return [await client.post("/hot/baskets", json=basket(quantity)) for quantity in (2, 1)]

    refused, held = talk(conversation)
    assert (refused.status_code, refused.json()["code"]) == (409, "inventory.sold_out")
    assert [one["event"] for one in held.json()["holds"]] == [first.id, second.id]
    assert Hold.objects.filter(event_id=first.id, state="released").count() == 1
    for event in (first, second):
        assert_books_right(event.id)


def test_a_journeys_form_holds_every_leg(talk: Talk[httpx.Response]) -> None:
    legs = [make_trip_event(now=now(), stops=4) for _ in range(2)]
    form = {"language": "en", "quantity": "2"}
    for number, event in enumerate(legs, start=1):
        leg = {"event": event.id, "date": 1, "ticket_type": 1, "from_stop": number, "to_stop": number + 1}
        form |= {f"leg-{number}-{name}": str(value) for name, value in leg.items()}
    response = talk(lambda client: client.post("/hot/holds", data=form))
    assert response.status_code == 303
    assert response.headers["location"].startswith("/checkout/add/?")
    assert [Hold.objects.get(event_id=event.id).lines[0]["quantity"] for event in legs] == [2, 2]


def test_what_is_left_is_taken_and_what_is_missing_told(talk: Talk[httpx.Response]) -> None:
    event = make_event(now=now(), capacity=3)
    body = {
        "event": event.id,
        "lines": [{"date": 1, "ticket_type": 1, "quantity": 5}],
        "take": "what_is_left",
    }
    answer = talk(lambda client: client.post("/hot/holds", json=body)).json()
    assert answer["lines"][0]["quantity"] == 3
    assert answer["missing"] == [{"date": 1, "ticket_type": 1, "quantity": 2}]


def test_people_and_cards_are_the_same_here_and_at_the_till(talk: Talk[list[httpx.Response]]) -> None:
    event = make_event(now=now(), capacity=20)
    SalesLimit.objects.create(event=event, kind="email", most=2)
    SalesLimit.objects.create(event=event, kind="card", most=2)
    pay(ready(event, now=now()), now=now())  # Maria's address and the first card, at the till

    async def conversation(client: httpx.AsyncClient) -> list[httpx.Response]:
        held = await hold(client, event)
        second_card = {"gateway": "sandbox", "method": "approve-2"}
        return [
            await buy(client, held, email=EMAIL.upper(), payment=second_card),
            await buy(client, held, email="luis@example.org"),
            await buy(client, held, email="luis@example.org", payment=second_card),
        ]

    by_address, by_card, bought = talk(conversation)
    assert [by_address.json()["limit"], by_card.json()["limit"]] == ["email", "card"]
    assert bought.status_code == 201
    assert_books_right(event.id)


def test_a_phone_is_asked_at_the_till_only(talk: Talk[list[httpx.Response]]) -> None:
    asked, exempt = make_event(now=now(), capacity=20), make_event(now=now(), capacity=20)
    SalesLimit.objects.create(event=asked, kind="phone", most=2)
    SalesLimit.objects.create(event=exempt, kind="phone", most=2, exempt_channels=["web"])

    async def conversation(client: httpx.AsyncClient) -> list[httpx.Response]:
        return [await buy(client, await hold(client, event)) for event in (asked, exempt)]

    refused, bought = talk(conversation)
    assert refused.json()["code"] == "orders.details_missing"
    assert bought.status_code == 201
