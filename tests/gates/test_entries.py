"""What is read of the gates from afar."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.cast import NOW, make_event
from tests.notifications.purchases import buy
from tmam.catalog.models import Event
from tmam.gates.attempts import Attempt
from tmam.gates.entries import GateEntries, admitted_since, entries_by_gate, gate_names, latest_scans
from tmam.gates.models import Gate
from tmam.gates.redeem_ticket import redeem_tickets
from tmam.kernel.ids import new_uuid7
from tmam.platform.statements import run_verb

pytestmark = pytest.mark.django_db


def scan(event: Event, serial: int, *, gate: int = 1, ago: timedelta = timedelta()) -> None:
    at = NOW - ago
    run_verb(redeem_tickets(event.id, [Attempt(new_uuid7(at), uuid4(), uuid4(), gate, at, serial=serial)]))


@pytest.fixture
def event() -> Event:
    """Open at the moment, two gates, three tickets, of which two came in and one of them tried twice."""
    event = make_event(starts_in=timedelta(minutes=30))
    Gate.objects.create(event_id=event.id, number=2, name="Side entrance")
    buy(event, quantities={1: 3}, now=NOW - timedelta(hours=3))
    scan(event, 1, ago=timedelta(minutes=20))
    scan(event, 2, gate=2, ago=timedelta(minutes=5))
    scan(event, 1, gate=2)
    return event


def test_admissions_are_counted_from_an_instant_on(event: Event) -> None:
    assert admitted_since([event.id], NOW - timedelta(hours=1)) == 2
    assert admitted_since([event.id], NOW - timedelta(minutes=10)) == 1
    assert admitted_since([make_event().id], NOW - timedelta(hours=1)) == 0


def test_latest_scans_are_those_of_these_events_whatever_the_answer(event: Event) -> None:
    scans = latest_scans([event.id], NOW + timedelta(seconds=1), 5)
    assert [scan.verdict for scan in scans] == ["already_used", "admit", "admit"]


def test_every_gate_is_listed_with_those_it_let_in(event: Event) -> None:
    Gate.objects.create(event_id=event.id, number=3, name="Back door")
    assert entries_by_gate(event.id) == [
        GateEntries("Main entrance", 1, NOW - timedelta(minutes=20)),
        GateEntries("Side entrance", 1, NOW - timedelta(minutes=5)),
        GateEntries("Back door", 0, None),
    ]
    assert gate_names([event.id])[event.id, 3] == "Back door"
