"""The books of a benchmark: right after real sales, and wrong as soon as anything is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from tests.cast import NOW, make_event, make_seated_event, make_trip_event
from tests.gates.guests import attempt
from tmam.bench.books.check_books import ask_books, check_books, statements
from tmam.bench.sell import sell
from tmam.catalog.models import Event
from tmam.gates.redeem_ticket import redeem_tickets
from tmam.inventory.draws import Wish
from tmam.inventory.models import Hold
from tmam.platform.statements import run_verb

# Each question with something that it must find..
PLANTS: dict[str, tuple[str, ...]] = {
    "counters_within_capacity": (
        "ALTER TABLE inventory_counter DROP CONSTRAINT counter_never_oversold",
        "UPDATE inventory_counter SET held = capacity + 1 WHERE event_id = {seated} AND kind = 'pool'",
    ),
    "counters_are_holds": (
        "UPDATE inventory_counter SET sold = sold - 1 WHERE event_id = {seated} AND kind = 'pool'",
    ),
    "pools_are_tickets": (
        "UPDATE inventory_counter SET sold = sold + 1 WHERE event_id = {trip} AND kind = 'pool' AND segment = 1",
    ),
    "orders_are_tickets": ("DELETE FROM tickets_ticket WHERE event_id = {seated} AND serial = 1",),
    "seats_once": (
        """UPDATE inventory_hold AS hold SET lines = other.lines FROM inventory_hold AS other
           WHERE hold.event_id = {seated} AND other.event_id = {seated} AND other.id > hold.id""",
    ),
    "seats_are_claimed": ("DELETE FROM inventory_claim WHERE event_id = {trip} AND segment = 1",),
    "ledger_is_orders": (
        "DELETE FROM ledger_entry WHERE event_id = {seated} AND id = (SELECT min(id::text)::uuid FROM ledger_entry WHERE event_id = {seated})",
    ),
    "converted_are_orders": ("UPDATE orders_order SET state = 'cancelled' WHERE event_id = {seated}",),
    "redeemed_once": ("DELETE FROM gates_redemption WHERE event_id = {seated}",),
    "serials_dense": ("UPDATE tickets_ticket SET serial = 999 WHERE event_id = {seated} AND serial = 1",),
    "orders_are_logged": (
        "DELETE FROM platform_log_entry WHERE event_id = {seated} AND name = 'order.confirmed'",
    ),
}


@pytest.fixture
def seated(live_database: None) -> Event:
    """Two orders of two seats each; the first ticket was used."""
    event = make_seated_event(starts_in=timedelta(minutes=30))
    sell(event, [Wish(1, 1, 2), Wish(1, 1, 2)], NOW)
    (outcome,) = run_verb(redeem_tickets(event.id, [attempt(serial=1)]))
    assert outcome.error is None
    return event


@pytest.fixture
def trip(live_database: None) -> Event:
    """Two passengers on the same seat one after the other, and one who travels all the way."""
    event = make_trip_event(stops=4)
    sell(event, [Wish(1, 1, 1, 0, 2), Wish(1, 1, 1, 2, 3), Wish(1, 1, 1, 0, 3)], NOW)
    return event


@pytest.fixture
def connection(dsn: str) -> Iterator[psycopg.Connection]:
    """What is planted through it is rolled back."""
    with psycopg.connect(dsn) as connection:
        yield connection
        connection.rollback()


def test_after_real_sales_the_books_are_right(dsn: str, seated: Event, trip: Event) -> None:
    pool = make_event()
    sell(pool, [Wish(1, 1, 3)], NOW)
    holds = [str(id_) for id_ in Hold.objects.filter(event_id=seated.id).values_list("id", flat=True)]
    assert check_books(dsn, [seated.id, trip.id, pool.id], [{"holds": holds}]) == []


def test_every_question_has_a_plant() -> None:
    assert set(statements()) == set(PLANTS)


@pytest.mark.parametrize("question", PLANTS)
def test_a_planted_fault_is_found(
    question: str, connection: psycopg.Connection, seated: Event, trip: Event
) -> None:
    for plant in PLANTS[question]:
        changed = connection.execute(plant.format(seated=seated.id, trip=trip.id).encode())
        assert plant.startswith("ALTER") or changed.rowcount > 0
    faults = ask_books(connection, [seated.id, trip.id])
    assert [fault for fault in faults if fault.startswith(f"{question}: event ")], faults


def test_what_was_acknowledged_and_is_not_there_is_found(
    connection: psycopg.Connection, seated: Event
) -> None:
    known = str(Hold.objects.filter(event_id=seated.id).values_list("id", flat=True)[0])
    lost = {"holds": [known, str(uuid4())], "orders": [str(uuid4())], "scans": [str(uuid4())]}
    faults = ask_books(connection, [seated.id], [lost])
    assert [fault.partition(":")[0] for fault in faults] == [
        "acknowledged holds",
        "acknowledged orders",
        "acknowledged scans",
    ]
    assert known not in " ".join(faults)


def test_one_id_told_to_two_clients_is_found(connection: psycopg.Connection, seated: Event) -> None:
    known = str(Hold.objects.filter(event_id=seated.id).values_list("id", flat=True)[0])
    assert ask_books(connection, [seated.id], [{"holds": [known]}, {"holds": [known]}]) == [
        "acknowledged holds: 1 were told to two clients"
    ]
