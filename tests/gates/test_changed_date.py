"""A date is moved with tickets out: the same codes open the gate at the new time, and only then, through both drivers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW
from tests.gates.guests import attempt, issue, make_event_tonight
from tests.inventory.executors import Run, run
from tmam.catalog.change_date import Who, change_date
from tmam.catalog.date_rules import DateTimes
from tmam.catalog.models import Event
from tmam.gates.errors import TooEarlyError, TooLateError
from tmam.gates.redeem_ticket import redeem_tickets
from tmam.gates.scan_answer import scan_answer

__all__ = ["run"]  # the fixture
pytestmark = pytest.mark.usefixtures("live_database")
WEEK = timedelta(days=7)


def move(event: Event, by: timedelta) -> None:
    date = event.dates.get()
    doors = date.doors_at + by if date.doors_at else None
    wanted = DateTimes(date.starts_at + by, date.ends_at + by, doors, {"en": "Gate B", "es": "Puerta B"})
    change_date(event.id, 1, wanted, Who("user:7", NOW), seen=date.revision)


def test_the_code_of_before_opens_the_gate_a_week_later(run: Run) -> None:
    event = make_event_tonight()
    ana, ben = issue(event, "Ana", "Ben")
    move(event, WEEK)
    tonight, next_week = attempt(ana.token), attempt(ana.token, at=NOW + WEEK)
    (early,) = run(redeem_tickets(event.id, [tonight]))
    assert early.error == TooEarlyError(opens_at=event.dates.get().doors_at)
    # Sold after the move, with the new times.
    (late_buyer,) = issue(event, "Cleo")
    ours, theirs = run(redeem_tickets(event.id, [next_week, attempt(late_buyer.token, at=NOW + WEEK)]))
    assert (ours.error, theirs.error) == (None, None)
    answer = scan_answer(ours, gate="Main entrance", language="es", time_zone="UTC", now=NOW + WEEK)
    assert (answer.verdict, answer.entrance) == ("admit", "Puerta B")
    (over,) = run(redeem_tickets(event.id, [attempt(ben.token, at=NOW + WEEK + timedelta(hours=9))]))
    assert isinstance(over.error, TooLateError)


def test_a_date_moved_forward_lets_people_in_earlier_than_they_bought(run: Run) -> None:
    event = make_event_tonight()
    move(event, WEEK)
    (ticket,) = issue(event)
    move(event, -WEEK)
    (outcome,) = run(redeem_tickets(event.id, [attempt(ticket.token)]))
    assert outcome.error is None
