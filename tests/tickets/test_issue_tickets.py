"""Issuing and reading tickets through both drivers: the same verbs, the same answers."""

from __future__ import annotations

import asyncio
import itertools
import os
import threading
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import pytest

from tmam.kernel.place import CoachPlace, SeatPlace
from tmam.kernel.token import token_sha256, verify_token
from tmam.platform.statements import Verb, run_verb, run_verb_async
from tmam.tickets.errors import TicketNotFoundError
from tmam.tickets.holders import opened_document
from tmam.tickets.issue_tickets import (
    MAX_TICKETS_AT_ONCE,
    IssuedTicket,
    TicketWanted,
    issue_tickets,
)
from tmam.tickets.models import Ticket
from tmam.tickets.queries import ticket, tickets_of_order
from tmam.tickets.signing_keys import LoadedKey, load_signing_key, make_signing_key, public_keys
from tmam.tickets.token_of import token_of

R = TypeVar("R")
Run = Callable[[Verb[Any]], Any]

events = itertools.count(4_000_001)
NOW = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)
ORDER, OTHER_ORDER = UUID(int=1), UUID(int=2)
FROM = datetime(2026, 12, 5, 17, 0, 30, tzinfo=UTC)


def run_through_asyncpg(verb: Verb[R]) -> R:
    async def run() -> R:
        link = await asyncpg.connect(os.environ["DATABASE_URL"])
        try:
            return await run_verb_async(verb, link)
        finally:
            await link.close()

    return asyncio.run(run())


@pytest.fixture(params=[run_verb, run_through_asyncpg], ids=["psycopg", "asyncpg"])
def run(request: pytest.FixtureRequest, live_database: None) -> Run:
    del live_database
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def event() -> int:
    return next(events)


@pytest.fixture
def key(run: Run, event: int) -> LoadedKey:
    run(make_signing_key(event, NOW))
    loaded = run(load_signing_key(event))
    assert isinstance(loaded, LoadedKey)
    return loaded


def wanted(**changes: Any) -> TicketWanted:
    plain = TicketWanted(
        order_id=ORDER,
        booking_reference="3T25H1-7K2M9Q",
        date_ordinal=3,
        ticket_type=2,
        price_minor=4500,
        currency="EUR",
        valid_from=FROM,
        valid_until=FROM + timedelta(hours=6),
        place_label="Stalls",
    )
    return replace(plain, **changes)


SEATED = wanted(seat=211, place=SeatPlace(1, 4, 12), holder_name="Zoë Ó Briain", document="12345678Z")
COACH = wanted(order_id=OTHER_ORDER, place=CoachPlace(11, 61, 2, 9), price_minor=0)


def test_tickets_of_many_orders_in_one_batch(run: Run, event: int, key: LoadedKey) -> None:
    issued: list[IssuedTicket] = run(issue_tickets(event, [wanted(), SEATED, COACH], key, NOW))
    assert [one.serial for one in issued] == [1, 2, 3]
    assert [one.wanted for one in issued] == [wanted(), SEATED, COACH]
    keys = run(public_keys(event))
    bodies = [verify_token(one.token, keys) for one in issued]
    assert [body.place for body in bodies] == [None, SeatPlace(1, 4, 12), CoachPlace(11, 61, 2, 9)]
    assert {(body.event_id, body.date_ordinal, body.ticket_type, body.key_id) for body in bodies} == {
        (event, 3, 2, 1)
    }
    assert bodies[0].valid_from == FROM.replace(second=0)
    assert bodies[0].valid_until == FROM.replace(second=0) + timedelta(hours=6, minutes=1)

    rows = run(tickets_of_order(event, ORDER))
    assert [row.serial for row in rows] == [1, 2]
    plain, seated = rows
    assert (plain.seat, plain.token_place, plain.document_encrypted, plain.holder_name) == (
        None,
        None,
        None,
        "",
    )
    assert (seated.seat, seated.holder_name) == (211, "Zoë Ó Briain")
    assert run(opened_document(seated)) == "12345678Z"
    assert run(opened_document(plain)) == ""
    assert (seated.state, seated.generation, seated.key_id, seated.issued_at) == ("valid", 0, 1, NOW)
    assert (seated.valid_from, seated.valid_until) == (SEATED.valid_from, SEATED.valid_until)
    assert (seated.price_minor, seated.currency, seated.place_label) == (4500, "EUR", "Stalls")
    assert seated.booking_reference == "3T25H1-7K2M9Q"
    assert run(ticket(event, 2)) == seated


def test_a_token_can_be_made_again_from_its_row(run: Run, event: int, key: LoadedKey) -> None:
    issued: list[IssuedTicket] = run(issue_tickets(event, [wanted(), SEATED, COACH], key, NOW))
    for one in issued:
        row = run(ticket(event, one.serial))
        assert token_of(row, key) == one.token
        assert token_sha256(one.token) == row.token_sha256
        assert token_of(Ticket.objects.get(event_id=event, serial=one.serial), key) == one.token


def test_a_changed_row_gives_no_token(run: Run, event: int, key: LoadedKey) -> None:
    run(issue_tickets(event, [wanted()], key, NOW))
    row = run(ticket(event, 1))
    with pytest.raises(ValueError, match="on record"):
        token_of(replace(row, date_ordinal=4), key)
    with pytest.raises(ValueError, match="signed with key 1"):
        token_of(row, replace(key, key_id=2))


def test_serials_go_on_where_the_last_batch_ended(run: Run, event: int, key: LoadedKey) -> None:
    run(issue_tickets(event, [wanted()] * 5, key, NOW))
    assert [one.serial for one in run(issue_tickets(event, [wanted()] * 2, key, NOW))] == [6, 7]
    assert run(issue_tickets(event, [], key, NOW)) == []
    assert [one.serial for one in run(issue_tickets(event, [wanted()], key, NOW))] == [8]


def test_an_undone_transaction_leaves_no_gap(run: Run, event: int, key: LoadedKey) -> None:
    def issue_and_fail() -> Generator[Any, Any, None]:
        yield from issue_tickets(event, [wanted()] * 3, key, NOW)
        raise RuntimeError("the cause failed")

    with pytest.raises(RuntimeError):
        run(issue_and_fail())
    assert [one.serial for one in run(issue_tickets(event, [wanted()], key, NOW))] == [1]


def test_a_large_batch(run: Run, event: int, key: LoadedKey) -> None:
    issued: list[IssuedTicket] = run(issue_tickets(event, [wanted()] * 1000, key, NOW))
    assert [one.serial for one in issued] == list(range(1, 1001))
    assert len({one.token for one in issued}) == 1000
    with pytest.raises(ValueError, match="at once"):
        run(issue_tickets(event, [wanted()] * (MAX_TICKETS_AT_ONCE + 1), key, NOW))


def test_another_events_key_is_refused(run: Run, event: int, key: LoadedKey) -> None:
    with pytest.raises(ValueError, match="cannot sign"):
        run(issue_tickets(event + 1, [wanted()], key, NOW))


def test_unknown_tickets_and_orders(run: Run, event: int) -> None:
    assert run(tickets_of_order(event, ORDER)) == []
    with pytest.raises(TicketNotFoundError) as refused:
        run(ticket(event, 99))
    assert refused.value.facts() == {"serial": 99}


@pytest.mark.usefixtures("live_database")
def test_two_sales_at_once_share_no_serial(event: int) -> None:
    run_verb(make_signing_key(event, NOW))
    key = run_verb(load_signing_key(event))
    serials: list[int] = []

    def sell() -> None:
        for _ in range(20):
            serials.extend(
                one.serial for one in run_through_asyncpg(issue_tickets(event, [wanted()] * 3, key, NOW))
            )

    threads = [threading.Thread(target=sell) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(serials) == list(range(1, 121))
