"""A seat plan read from the catalogue, and how its changes are noticed."""

import pytest

from tests.cast import NOW, make_seated_event
from tmam.catalog.models import Seat
from tmam.inventory.seat_plans import load_plan, plan_fingerprint
from tmam.platform.statements import run_verb

pytestmark = pytest.mark.django_db

CHANGES = [
    {"seat_label": "7a"},
    {"row_label": "Z"},
    {"block_label": "Pit"},
    {"pool": 2},
    {"position": 40},
    {"row": 9},
    {"block": 3},
    {"is_accessible": True},
]


def fingerprint(plan_id: int) -> str:
    return run_verb(plan_fingerprint(plan_id))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_any_change_of_a_seat_changes_the_fingerprint(change: dict[str, object]) -> None:
    event = make_seated_event(now=NOW, rows=2, seats_per_row=5)
    assert event.seat_plan_id is not None
    before = fingerprint(event.seat_plan_id)
    assert fingerprint(event.seat_plan_id) == before
    Seat.objects.filter(plan_id=event.seat_plan_id, number_in_plan=7).update(**change)
    assert fingerprint(event.seat_plan_id) != before


def test_seats_that_come_and_go_change_it_too() -> None:
    event = make_seated_event(now=NOW, rows=2, seats_per_row=5)
    assert event.seat_plan_id is not None
    before = fingerprint(event.seat_plan_id)
    Seat.objects.filter(plan_id=event.seat_plan_id, number_in_plan=10).delete()
    assert fingerprint(event.seat_plan_id) != before
    assert run_verb(load_plan(event.seat_plan_id)).size == 9


def test_a_plan_that_is_none_has_a_fingerprint_of_nothing() -> None:
    assert fingerprint(2**62) == "0-0"
