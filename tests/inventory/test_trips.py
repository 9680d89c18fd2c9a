"""Trips: a seat sold A→C and C→E, never overlapping; standing places counted per segment."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cast import NOW, Type, make_event, make_trip_event
from tests.inventory.books import assert_books_right
from tests.inventory.executors import Run, held, only, run, wish
from tmam.catalog.models import StopPattern, TicketType
from tmam.inventory import errors
from tmam.inventory.draws import Wish
from tmam.inventory.models import Claim
from tmam.inventory.queries import places_by_pool
from tmam.inventory.release_hold import convert_holds, release_hold
from tmam.inventory.sweep import sweep_expired

__all__ = ["run"]  # the fixture
pytestmark = pytest.mark.usefixtures("live_database")
LATER = NOW + timedelta(minutes=11)


def stretch(from_stop: int, to_stop: int, quantity: int = 1, **fields: object) -> Wish:
    return Wish(1, 1, quantity, from_stop, to_stop, **fields)  # type: ignore[arg-type]  # as the test says


def test_one_seat_is_sold_for_one_stretch_and_again_for_the_next(run: Run) -> None:
    event = make_trip_event(stops=5, seats_per_coach=1)
    first = only(held(run, event, wish(stretch(0, 2))))
    second = only(held(run, event, wish(stretch(2, 4))))
    assert first.lines[0].seats == second.lines[0].seats == (1,)
    assert held(run, event, wish(stretch(1, 3))) == [errors.SoldOutError(1, 0)]
    run(convert_holds(event.id, [first.id, second.id], NOW))
    assert Claim.objects.filter(event_id=event.id).count() == 4
    assert_books_right(event.id)


def test_places_left_on_every_segment_are_no_seat_for_the_whole_way(run: Run) -> None:
    event = make_trip_event(stops=3, seats_per_coach=2)
    only(held(run, event, wish(stretch(0, 1, seats=(1,)))))
    only(held(run, event, wish(stretch(1, 2, seats=(2,)))))
    assert run(places_by_pool(event.id, [1]))[1, 1].free == 1
    assert held(run, event, wish(stretch(0, 2))) == [errors.NoFittingSeatsError(1)]
    only(held(run, event, wish(stretch(0, 1))))
    only(held(run, event, wish(stretch(1, 2))))
    assert_books_right(event.id)


def test_a_stretch_is_put_where_it_fits_tightest(run: Run) -> None:
    event = make_trip_event(stops=4, seats_per_coach=4)
    only(held(run, event, wish(stretch(0, 1, seats=(4,)))))
    only(held(run, event, wish(stretch(2, 3, seats=(4,)))))
    assert only(held(run, event, wish(stretch(1, 2)))).lines[0].seats == (4,)


def test_standing_places_are_counted_per_segment(run: Run) -> None:
    event = make_trip_event(stops=4, seats_per_coach=10, is_seated=False)
    only(held(run, event, wish(stretch(0, 2, 7))))
    only(held(run, event, wish(stretch(2, 3, 9))))
    places = run(places_by_pool(event.id, [1]))
    assert places[1, 1].free == 1
    assert run(places_by_pool(event.id, [1], 0, 2))[1, 1].free == 3
    assert held(run, event, wish(stretch(1, 3, 2))) == [errors.SoldOutError(1, 1)]
    assert_books_right(event.id)


def test_an_expired_hold_of_the_whole_trip_never_blocks_a_part_of_it(run: Run) -> None:
    event = make_trip_event(stops=5, seats_per_coach=2)
    lapsed = only(held(run, event, wish(stretch(0, 4, 2))))
    assert held(run, event, wish(stretch(2, 3))) == [errors.SoldOutError(1, 0)]
    only(held(run, event, wish(stretch(2, 3)), now=LATER))
    assert run(convert_holds(event.id, [lapsed.id], LATER)) == {
        lapsed.id: errors.HoldExpiredError(lapsed.expires_at)
    }
    assert_books_right(event.id)


def test_giving_back_and_sweeping_free_every_segment(run: Run) -> None:
    event = make_trip_event(stops=5, seats_per_coach=3)
    given = only(held(run, event, wish(stretch(0, 4))))
    only(held(run, event, wish(stretch(1, 3))))
    run(release_hold(event.id, given.id, given.visitor_id, NOW))
    assert_books_right(event.id)
    sweep_expired(LATER)
    assert run(places_by_pool(event.id, [1]))[1, 1].free == 3
    assert not Claim.objects.filter(event_id=event.id).exists()
    assert_books_right(event.id)


@pytest.mark.parametrize(("from_stop", "to_stop"), [(2, 2), (3, 1), (-1, 2), (0, 5), (0, 10**6)])
def test_what_is_no_stretch_of_the_trip_is_refused(from_stop: int, to_stop: int) -> None:
    from tmam.platform.statements import run_verb

    event = make_trip_event(stops=5)
    assert held(run_verb, event, wish(stretch(from_stop, to_stop))) == [errors.BadStretchError()]
    hall = make_event()
    assert held(run_verb, hall, wish(stretch(0, 1))) == [errors.BadStretchError()]


def test_where_nobody_gets_on_or_off_nothing_is_sold(run: Run) -> None:
    event = make_trip_event(stops=5)
    StopPattern.objects.filter(event=event).update(no_boarding=[3], no_alighting=[1])
    assert held(run, event, wish(stretch(0, 1))) == [errors.BadStretchError()]
    assert held(run, event, wish(stretch(3, 4))) == [errors.BadStretchError()]
    only(held(run, event, wish(stretch(1, 3))))


def test_the_whole_trip_is_meant_when_no_stretch_is_said(run: Run) -> None:
    event = make_trip_event(stops=5)
    hold = only(held(run, event, wish(Wish(1, 1, 1))))
    assert (hold.lines[0].from_stop, hold.lines[0].to_stop) == (0, 4)


def test_the_price_is_that_of_the_stretch(run: Run) -> None:
    event = make_trip_event(stops=5, types=(Type(9900, "Adult", is_seated=True, fee_minor=0),))
    TicketType.objects.filter(event=event).update(fares={"by": "distance", "steps": [[50, 700], [120, 1900]]})
    lines = [only(held(run, event, wish(stretch(0, to)))).lines[0].price_minor for to in (1, 2, 3)]
    assert lines == [700, 1900, 9900]


def test_one_may_get_on_later_after_the_train_has_left_its_first_stop(run: Run) -> None:
    event = make_trip_event(stops=5)
    departed = event.dates.get().starts_at + timedelta(minutes=10)
    assert isinstance(held(run, event, wish(stretch(0, 2)), now=departed)[0], errors.SalesEndedError)
    only(held(run, event, wish(stretch(1, 2)), now=departed))


def test_the_database_itself_refuses_a_seat_twice_on_a_segment(run: Run) -> None:
    event = make_trip_event(stops=5, seats_per_coach=1)
    only(held(run, event, wish(stretch(1, 3))))
    with (
        pytest.raises(IntegrityError, match=r"inventory_claim\w*_pkey"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO inventory_claim (event_id, date_ordinal, segment, seat, hold_id)"
            " VALUES (%s, 1, 2, 1, gen_random_uuid())",
            [event.id],
        )
    assert StopPattern.objects.filter(event=event).count() == 1
