"""Hold, extend, release, expire, convert: through Django's connection and through asyncpg alike."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tests.cast import NOW, Type, make_event, make_seated_event
from tests.inventory.books import assert_books_right
from tests.inventory.executors import Run, held, only, run
from tmam.catalog.models import Event
from tmam.inventory import errors
from tmam.inventory.draws import HoldRequest, wishes_for
from tmam.inventory.extend_hold import extend_hold, keep_for_payment
from tmam.inventory.holds import Hold
from tmam.inventory.models import Claim
from tmam.inventory.open_counters import open_counters
from tmam.inventory.queries import Places, places_by_pool
from tmam.inventory.release_hold import convert_holds, release_hold
from tmam.inventory.sweep import sweep_expired
from tmam.platform.statements import run_verb

LATER = NOW + timedelta(minutes=11)

__all__ = ["run"]  # the fixture
pytestmark = pytest.mark.usefixtures("live_database")


def ask(
    quantities: dict[int, int] | None = None,
    *,
    visitor: UUID | None = None,
    key: str | None = None,
    is_form: bool = False,
) -> HoldRequest:
    return HoldRequest(
        uuid4(), visitor or uuid4(), wishes_for(1, {1: 1} if quantities is None else quantities), key, is_form
    )


def places(run: Run, event: Event, pool: int = 1) -> Places:
    found: Places = run(places_by_pool(event.id))[1, pool]
    return found


def test_a_hold_takes_places_until_its_time(run: Run) -> None:
    event = make_event(capacity=10, hold_minutes=7)
    hold = only(held(run, event, ask({1: 3})))
    assert (hold.state, hold.total_minor, hold.expires_at) == ("held", 13500, NOW + timedelta(minutes=7))
    assert places(run, event) == Places(10, 3, 0)
    assert_books_right(event.id)


def test_a_batch_serves_each_by_its_own_merits(run: Run) -> None:
    event = make_event(capacity=5)
    answers = held(run, event, ask({1: 4}), ask({1: 2}), ask({2: 1}), ask({}), ask({1: 1}))
    assert isinstance(answers[0], Hold)
    assert answers[1:4] == [
        errors.SoldOutError(1, 1),
        errors.NoSuchTicketError(),
        errors.NothingChosenError(),
    ]
    assert isinstance(answers[4], Hold)
    assert places(run, event).free == 0
    assert_books_right(event.id)


def test_early_bird_draws_on_the_hall_too(run: Run) -> None:
    early, regular = Type(3000, "Early bird", pools=(1, 2)), Type(4500, "Regular", pools=(2,))
    event = make_event(types=(early, regular), capacities={1: 2, 2: 5})
    only(held(run, event, ask({2: 4})))
    (refused,) = held(run, event, ask({1: 2}))
    assert refused == errors.SoldOutError(1, 1)
    only(held(run, event, ask({1: 1})))
    assert (places(run, event, 1).held, places(run, event, 2).held) == (1, 5)


def test_repeating_a_request_gives_the_same_hold(run: Run) -> None:
    event, visitor = make_event(capacity=10), uuid4()
    first = only(held(run, event, ask({1: 2}, visitor=visitor, key="again")))
    again = only(held(run, event, ask({1: 2}, visitor=visitor, key="again")))
    assert again == first
    assert only(held(run, event, ask({1: 2}, key="again"))) != first  # somebody else's key is another request
    assert places(run, event).held == 4


def test_repeats_within_one_batch_share_the_hold(run: Run) -> None:
    event, visitor = make_event(capacity=3), uuid4()
    twins = [ask({1: 2}, visitor=visitor, key="twice") for _ in range(3)]
    first, second, third = held(run, event, *twins)
    assert isinstance(first, Hold)
    assert first == second == third
    refused, again = held(run, event, *(ask({1: 2}, visitor=visitor, key="late") for _ in range(2)))
    assert refused == again == errors.SoldOutError(1, 1)
    assert places(run, event).held == 2


def test_releasing_gives_back_once(run: Run) -> None:
    event = make_event(capacity=10)
    hold = only(held(run, event, ask({1: 3})))
    with pytest.raises(errors.HoldNotFoundError):
        run(release_hold(event.id, hold.id, uuid4(), NOW))
    run(release_hold(event.id, hold.id, hold.visitor_id, NOW))
    run(release_hold(event.id, hold.id, hold.visitor_id, NOW))
    assert places(run, event) == Places(10, 0, 0)
    assert_books_right(event.id)


def test_a_hold_is_extended_once(run: Run) -> None:
    event = make_event(capacity=10, hold_minutes=10, extension_minutes=5)
    hold = only(held(run, event, ask()))
    longer = run(extend_hold(event.id, hold.id, hold.visitor_id, 5, NOW))
    assert longer.expires_at == NOW + timedelta(minutes=15)
    with pytest.raises(errors.AlreadyExtendedError):
        run(extend_hold(event.id, hold.id, hold.visitor_id, 5, NOW))
    with pytest.raises(errors.HoldNotFoundError):
        run(extend_hold(event.id, hold.id, uuid4(), 5, NOW))
    other = only(held(run, event, ask()))
    with pytest.raises(errors.HoldExpiredError):
        run(extend_hold(event.id, other.id, other.visitor_id, 5, LATER))


def test_expired_places_are_sold_to_the_next_without_any_sweeper(run: Run) -> None:
    event = make_event(capacity=2)
    lapsed = only(held(run, event, ask({1: 2})))
    (refused,) = held(run, event, ask({1: 1}))
    assert refused == errors.SoldOutError(1, 0)
    only(held(run, event, ask({1: 1}), now=LATER))
    assert places(run, event) == Places(2, 1, 0)
    assert run(convert_holds(event.id, [lapsed.id], LATER)) == {
        lapsed.id: errors.HoldExpiredError(lapsed.expires_at)
    }
    assert_books_right(event.id)


def test_a_lapsed_hold_nobody_reclaimed_can_still_be_bought(run: Run) -> None:
    event = make_event(capacity=2)
    hold = only(held(run, event, ask({1: 2})))
    assert run(convert_holds(event.id, [hold.id], LATER))[hold.id] == hold
    assert places(run, event) == Places(2, 0, 2)
    assert run(convert_holds(event.id, [hold.id], LATER))[hold.id] == errors.HoldEndedError("converted")
    with pytest.raises(errors.HoldEndedError):
        run(release_hold(event.id, hold.id, hold.visitor_id, LATER))
    assert_books_right(event.id)


def test_a_payment_keeps_the_places(run: Run) -> None:
    event = make_event(capacity=2)
    hold = only(held(run, event, ask({1: 2})))
    kept = run(keep_for_payment(event.id, hold.id, hold.visitor_id, NOW + timedelta(minutes=30)))
    assert kept.expires_at == NOW + timedelta(minutes=30)
    (refused,) = held(run, event, ask(), now=LATER)
    assert refused == errors.SoldOutError(1, 0)


def test_seats_are_given_together_and_come_back(run: Run) -> None:
    event = make_seated_event(rows=2, seats_per_row=4)
    first, second = held(run, event, ask({1: 2}), ask({1: 2}))
    assert isinstance(first, Hold)
    assert isinstance(second, Hold)
    assert (first.lines[0].seats, second.lines[0].seats) == ((1, 2), (3, 4))
    assert Claim.objects.filter(event_id=event.id).count() == 4
    run(release_hold(event.id, first.id, first.visitor_id, NOW))
    assert only(held(run, event, ask({1: 2}))).lines[0].seats == (1, 2)
    run(convert_holds(event.id, [second.id], NOW))
    assert set(Claim.objects.filter(event_id=event.id, hold_id=second.id).values_list("seat", flat=True)) == {
        3,
        4,
    }
    assert_books_right(event.id)


def test_the_sweeper_ends_what_has_lapsed(run: Run) -> None:
    event = make_seated_event(rows=1, seats_per_row=6)
    lapsed = only(held(run, event, ask({1: 2})))
    alive = only(held(run, event, ask({1: 2}), now=NOW + timedelta(minutes=5)))
    assert sweep_expired(LATER) >= 1
    assert places(run, event).held == 2
    assert set(Claim.objects.filter(event_id=event.id).values_list("hold_id", flat=True)) == {alive.id}
    assert run(convert_holds(event.id, [lapsed.id], LATER))[lapsed.id] == errors.HoldExpiredError(
        lapsed.expires_at
    )
    assert_books_right(event.id)


def test_the_database_itself_refuses_to_oversell() -> None:
    event = make_event(capacity=3)
    with (
        pytest.raises(IntegrityError, match="counter_never_oversold"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE inventory_counter SET sold = 4 WHERE event_id = %s", [event.id])
    held(run_verb, event, ask({1: 3}))
    with pytest.raises(IntegrityError, match="counter_never_oversold"):
        run_verb(open_counters(event.id, [(1, 1, 2)]))


def test_an_order_cannot_grow_past_its_limit_hold_by_hold(run: Run) -> None:
    event, visitor = make_event(capacity=50, max_per_order=6), uuid4()
    first = only(held(run, event, ask({1: 4}, visitor=visitor)))
    (refused,) = held(run, event, ask({1: 3}, visitor=visitor))
    assert refused == errors.EnoughHeldError(held=4, most=6)
    only(held(run, event, ask({1: 6})))  # somebody else's order is their own
    run(release_hold(event.id, first.id, visitor, NOW))
    only(held(run, event, ask({1: 6}, visitor=visitor)))
    only(held(run, event, ask({1: 6}, visitor=visitor), now=LATER))  # what has lapsed is no longer held


def test_a_second_click_on_a_form_holds_nothing_twice(run: Run) -> None:
    event, visitor = make_event(capacity=50), uuid4()
    first = only(held(run, event, ask({1: 2}, visitor=visitor, is_form=True)))
    soon = NOW + timedelta(seconds=3)
    assert only(held(run, event, ask({1: 2}, visitor=visitor, is_form=True), now=soon)) == first
    assert only(held(run, event, ask({1: 1}, visitor=visitor, is_form=True), now=soon)) != first
    later = NOW + timedelta(seconds=30)
    assert only(held(run, event, ask({1: 2}, visitor=visitor, is_form=True), now=later)) != first
    assert places(run, event).held == 5
