"""Seats that people pick themselves, in sections, with wheelchair places: exact answers and the nearest alternative."""

import pytest

from tests.cast import NOW, Type, make_seated_event
from tests.inventory.books import assert_books_right
from tests.inventory.executors import Run, held, only, run, wish
from tmam.catalog.models import Event, Seat
from tmam.inventory import errors
from tmam.inventory.draws import Wish
from tmam.inventory.release_hold import release_hold

__all__ = ["run"]  # the fixture
pytestmark = pytest.mark.usefixtures("live_database")


def pick(*seats: int, ticket_type: int = 1) -> Wish:
    return Wish(1, ticket_type, len(seats), seats=seats)


def test_picked_seats_are_the_seats_one_gets(run: Run) -> None:
    event = make_seated_event(rows=2, seats_per_row=6)
    hold = only(held(run, event, wish(pick(3, 4))))
    assert (hold.lines[0].seats, hold.lines[0].quantity) == ((3, 4), 2)
    assert_books_right(event.id)


def test_exactly_the_taken_ones_are_named_with_the_nearest_free(run: Run) -> None:
    event = make_seated_event(rows=2, seats_per_row=8)
    only(held(run, event, wish(pick(3, 4))))
    assert held(run, event, wish(pick(4, 5))) == [
        errors.SeatsTakenError(taken=(4,), alternative=(5, 6)),
    ]
    assert held(run, event, wish(pick(3, 4))) == [
        errors.SeatsTakenError(taken=(3, 4), alternative=(5, 6)),
    ]
    assert_books_right(event.id)


def test_one_batch_gives_a_seat_to_the_first_who_picks_it(run: Run) -> None:
    event = make_seated_event(rows=1, seats_per_row=4)
    first, second = held(run, event, wish(pick(1, 2)), wish(pick(2, 3)))
    assert not isinstance(first, errors.InventoryError)
    assert second == errors.SeatsTakenError(taken=(2,), alternative=(3, 4))


def test_a_full_hall_still_says_which_seats_are_gone(run: Run) -> None:
    event = make_seated_event(rows=1, seats_per_row=2)
    only(held(run, event, wish(pick(1, 2))))
    assert held(run, event, wish(pick(2))) == [errors.SeatsTakenError(taken=(2,), alternative=())]


def test_a_pick_may_not_leave_a_seat_alone_when_it_can_be_avoided(run: Run) -> None:
    event = make_seated_event(rows=1, seats_per_row=6)
    (refused,) = held(run, event, wish(pick(2, 3)))
    assert refused == errors.SingleSeatLeftError(alone=(1,), alternative=(3, 4))
    Event.objects.filter(id=event.id).update(avoid_single_seats=False)
    only(held(run, event, wish(pick(2, 3))))


def test_the_last_seats_may_be_taken_however_they_lie(run: Run) -> None:
    event = make_seated_event(rows=1, seats_per_row=3)
    only(held(run, event, wish(pick(1, 2))))
    event = make_seated_event(rows=1, seats_per_row=3)
    only(held(run, event, wish(pick(2, 3))))


@pytest.mark.parametrize("seats", [(0,), (99,), (-1,), (1, 1)])
def test_seats_that_are_none_are_refused(seats: tuple[int, ...]) -> None:
    from tmam.platform.statements import run_verb

    event = make_seated_event(rows=1, seats_per_row=4)
    (refused,) = held(run_verb, event, wish(pick(*seats)))
    assert isinstance(refused, errors.NoSuchSeatError)
    twice = wish(pick(1), Wish(1, 1, 2, seats=(1, 2)))
    assert held(run_verb, event, twice) == [errors.NoSuchSeatError(1)]
    assert_books_right(event.id)


def test_a_seat_of_another_price_is_refused(run: Run) -> None:
    types = (Type(name="Front", is_seated=True), Type(name="Back", is_seated=True, pools=(2,)))
    event = make_seated_event(rows=2, seats_per_row=4, types=types)
    Seat.objects.filter(plan_id=event.seat_plan_id, row=2).update(pool=2)
    assert held(run, event, wish(pick(1, 2, ticket_type=2))) == [errors.NoSuchSeatError(1)]
    only(held(run, event, wish(pick(5, 6, ticket_type=2))))


def test_a_section_is_kept_to(run: Run) -> None:
    event = make_seated_event(rows=2, seats_per_row=4)
    Seat.objects.filter(plan_id=event.seat_plan_id, row=2).update(block=2)
    assert only(held(run, event, wish(Wish(1, 1, 2, section=2)))).lines[0].seats == (5, 6)
    assert only(held(run, event, wish(Wish(1, 1, 2, section=2)))).lines[0].seats == (7, 8)
    assert held(run, event, wish(Wish(1, 1, 1, section=2))) == [errors.NoFittingSeatsError(1)]


def test_companions_sit_next_to_the_wheelchair_place(run: Run) -> None:
    event = make_seated_event(rows=2, seats_per_row=6, accessible=(10, 12))
    hold = only(held(run, event, wish(Wish(1, 1, 2, accessible=1))))
    assert hold.lines[0].seats in ((9, 10), (10, 11))
    again = only(held(run, event, wish(Wish(1, 1, 1, accessible=1))))
    assert again.lines[0].seats == (12,)
    assert held(run, event, wish(Wish(1, 1, 1, accessible=1))) == [errors.NoFittingSeatsError(1)]


def test_best_effort_gives_the_picked_seats_that_are_left(run: Run) -> None:
    event = make_seated_event(rows=1, seats_per_row=6)
    first = only(held(run, event, wish(pick(3, 4))))
    hold = only(held(run, event, wish(pick(4, 5, 6), takes_less=True)))
    assert hold.lines[0].seats == (5, 6)
    run(release_hold(event.id, first.id, first.visitor_id, NOW))
    assert_books_right(event.id)
