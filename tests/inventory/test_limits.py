"""Limits, codes and contingents are counters: whoever asks at the same time, nobody passes them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.cast import NOW, Type, make_event, make_trip_event
from tests.inventory.books import assert_books_right
from tests.inventory.executors import Run, held, only, run, wish
from tmam.catalog.models import Contingent, Date, Event, SalesCode, SalesLimit, TicketType
from tmam.catalog.offers import load_offer
from tmam.inventory import errors
from tmam.inventory.claim_limits import claim_limits
from tmam.inventory.counter_keys import KINDS, kind_of, limit_counter_id, pool_counter_id
from tmam.inventory.draws import Wish
from tmam.inventory.holds import Hold
from tmam.inventory.models import Counter
from tmam.inventory.release_hold import convert_holds, release_hold
from tmam.inventory.sweep import sweep_expired
from tmam.kernel.networks import network_of

__all__ = ["run"]  # the fixture
pytestmark = pytest.mark.usefixtures("live_database")
LATER = NOW + timedelta(minutes=11)


def two(**fields: object) -> Wish:
    return Wish(1, 1, 2, **fields)  # type: ignore[arg-type]  # as the test says


def claim(run: Run, event: Event, hold: Hold, now: object = NOW, **identities: str) -> None:
    offer = run(load_offer(event.id))
    run(claim_limits(offer, hold.id, hold.visitor_id, identities, now))


def used(event: Event, kind: str) -> tuple[int, int]:
    row = Counter.objects.get(event_id=event.id, kind=kind)
    return row.held, row.sold


def test_a_network_is_counted_with_the_hold(run: Run) -> None:
    event = make_event(capacity=50)
    SalesLimit.objects.create(event=event, kind="network", most=3)
    only(held(run, event, wish(two(), identities={"network": "192.0.2.7"})))
    assert held(run, event, wish(two(), identities={"network": "192.0.2.7"})) == [
        errors.LimitReachedError("network", most=3, left=1)
    ]
    only(held(run, event, wish(two(), identities={"network": "192.0.2.8"})))
    only(
        held(run, event, wish(two(), identities={"network": "192.0.2.7"}), now=LATER)
    )  # the first has lapsed
    assert_books_right(event.id)


def test_two_requests_of_one_batch_share_a_limit(run: Run) -> None:
    event = make_event(capacity=50)
    SalesLimit.objects.create(event=event, kind="account", most=3)
    first, second = held(run, event, *(wish(two(), identities={"account": "7"}) for _ in range(2)))
    assert isinstance(first, Hold)
    assert second == errors.LimitReachedError("account", most=3, left=1)


def test_the_box_office_is_exempt_unless_the_organizer_says_otherwise(run: Run) -> None:
    event = make_event(capacity=50, max_per_order=2)
    limit = SalesLimit.objects.create(event=event, kind="account", most=1)
    many = wish(Wish(1, 1, 9), identities={"account": "7"}, channel="box_office")
    only(held(run, event, many))
    limit.exempt_channels = []
    limit.save()
    again = wish(Wish(1, 1, 9), identities={"account": "7"}, channel="box_office")
    assert held(run, event, again) == [errors.LimitReachedError("account", most=1, left=1)]


def test_people_are_counted_when_they_become_known_and_only_once(run: Run) -> None:
    event = make_event(capacity=50)
    SalesLimit.objects.create(event=event, kind="email", most=3)
    first, second = only(held(run, event, wish(two()))), only(held(run, event, wish(two())))
    for _ in range(2):
        claim(run, event, first, email="ana@example.org")
    assert used(event, "email") == (2, 0)
    with pytest.raises(errors.LimitReachedError) as caught:
        claim(run, event, second, email="ana@example.org")
    assert caught.value == errors.LimitReachedError("email", most=3, left=1)
    claim(run, event, second, email="bea@example.org")
    assert_books_right(event.id)


def test_another_address_frees_the_first(run: Run) -> None:
    event = make_event(capacity=50)
    SalesLimit.objects.create(event=event, kind="email", most=2)
    first, second = only(held(run, event, wish(two()))), only(held(run, event, wish(two())))
    claim(run, event, first, email="ana@example.org")
    claim(run, event, first, email="bea@example.org")
    claim(run, event, second, email="ana@example.org")
    assert_books_right(event.id)


def test_a_card_over_its_limit_keeps_the_hold_for_another_card(run: Run) -> None:
    event = make_event(capacity=50)
    SalesLimit.objects.create(event=event, kind="card", most=3)
    first, second = only(held(run, event, wish(two()))), only(held(run, event, wish(two())))
    claim(run, event, first, card="fingerprint-1")
    run(convert_holds(event.id, [first.id], NOW))
    assert used(event, "card") == (0, 2)
    with pytest.raises(errors.LimitReachedError):
        claim(run, event, second, card="fingerprint-1")
    claim(run, event, second, card="fingerprint-2")
    run(convert_holds(event.id, [second.id], NOW))
    assert_books_right(event.id)


def test_a_cards_day_ends_at_the_places_midnight(run: Run) -> None:
    event = make_event(capacity=50)  # in Madrid, an hour ahead of UTC in winter
    SalesLimit.objects.create(event=event, kind="card_day", most=2)
    Date.objects.filter(event=event).update(sales_end_at=NOW + timedelta(days=9))
    night = NOW.replace(hour=22, minute=50)
    first = only(held(run, event, wish(two()), now=night))
    claim(run, event, first, now=night, card="c")
    again = only(held(run, event, wish(two()), now=night))
    with pytest.raises(errors.LimitReachedError):
        claim(run, event, again, now=night, card="c")
    claim(run, event, again, now=NOW.replace(hour=23, minute=5), card="c")
    assert_books_right(event.id)


def test_limits_come_back_with_what_is_given_back_or_lapses(run: Run) -> None:
    event = make_event(capacity=50)
    SalesLimit.objects.create(event=event, kind="email", most=4)
    first, second = only(held(run, event, wish(two()))), only(held(run, event, wish(two())))
    for hold in (first, second):
        claim(run, event, hold, email="ana@example.org")
    run(release_hold(event.id, first.id, first.visitor_id, NOW))
    assert used(event, "email") == (2, 0)
    sweep_expired(LATER)
    assert used(event, "email") == (0, 0)
    assert not Counter.objects.filter(event_id=event.id, kind="order").exists()
    assert_books_right(event.id)


def test_a_hold_that_is_gone_cannot_be_counted(run: Run) -> None:
    event = make_event(capacity=50)
    SalesLimit.objects.create(event=event, kind="email", most=4)
    hold = only(held(run, event, wish(two())))
    with pytest.raises(errors.HoldNotFoundError):
        run(claim_limits(run(load_offer(event.id)), hold.id, uuid4(), {"email": "x"}, NOW))
    run(release_hold(event.id, hold.id, hold.visitor_id, NOW))
    with pytest.raises(errors.HoldEndedError):
        claim(run, event, hold, email="ana@example.org")


def make_code(event: Event, **fields: object) -> SalesCode:
    defaults: dict[str, object] = {"ordinal": 1, "code": "EARLY", "kind": "presale", "uses": 3}
    return SalesCode.objects.create(event=event, **(defaults | fields))


def test_a_presale_code_opens_before_sales_do_and_is_used_up(run: Run) -> None:
    event = make_event(capacity=50)
    Date.objects.filter(event=event).update(sales_start_at=NOW + timedelta(hours=1))
    make_code(event, opens_at=NOW - timedelta(hours=1))
    assert held(run, event, wish(two())) == [errors.SalesNotOpenError(NOW + timedelta(hours=1))]
    first = only(held(run, event, wish(two(), code="EARLY")))
    assert first.lines[0].code == 1
    assert held(run, event, wish(two(), code="EARLY")) == [errors.CodeUsedUpError(left=1)]
    run(release_hold(event.id, first.id, first.visitor_id, NOW))
    only(held(run, event, wish(two(), code="EARLY")))
    assert held(run, event, wish(two(), code="EARLI")) == [errors.CodeUnknownError()]
    assert held(run, event, wish(two(), code="EARLY"), now=NOW - timedelta(hours=2)) == [
        errors.CodeUnknownError()
    ]
    assert_books_right(event.id)


def test_a_voucher_lowers_the_price_of_what_it_is_for(run: Run) -> None:
    event = make_event(capacity=50, types=(Type(4500), Type(2000, "Reduced", pools=(2,))))
    make_code(event, code="HALF", kind="voucher", uses=9, ticket_types=[1], off_basis_points=5000)
    hold = only(held(run, event, wish(two(), Wish(1, 2, 1), code="HALF")))
    assert [(line.price_minor, line.code) for line in hold.lines] == [(2250, 1), (2000, None)]
    assert held(run, event, wish(Wish(1, 2, 1), code="HALF")) == [errors.CodeUnknownError()]


def test_a_type_behind_a_code_is_sold_with_it_only(run: Run) -> None:
    event = make_event(capacity=50)
    TicketType.objects.filter(event=event).update(needs_code=True)
    make_code(event, code="CREW")
    assert held(run, event, wish(two())) == [errors.CodeNeededError(1)]
    only(held(run, event, wish(two(), code="CREW")))


def test_a_channel_sells_no_more_than_its_contingent(run: Run) -> None:
    event = make_event(capacity=10)
    Contingent.objects.create(event=event, pool=1, channel="web", places=3)
    only(held(run, event, wish(two())))
    assert held(run, event, wish(two())) == [errors.SoldOutError(1, 1)]
    only(held(run, event, wish(Wish(1, 1, 8), channel="box_office")))
    assert held(run, event, wish(Wish(1, 1, 1), channel="box_office")) == [errors.SoldOutError(1, 0)]
    assert_books_right(event.id)


def test_a_contingent_on_a_trip_counts_each_segment(run: Run) -> None:
    event = make_trip_event(stops=3, is_seated=False)
    Contingent.objects.create(event=event, pool=1, channel="web", places=2)
    only(held(run, event, wish(two(from_stop=0, to_stop=1))))
    only(held(run, event, wish(two(from_stop=1, to_stop=2))))
    assert held(run, event, wish(Wish(1, 1, 1))) == [errors.SoldOutError(1, 0)]
    assert_books_right(event.id)


def test_best_effort_gives_what_is_left_of_each_line(run: Run) -> None:
    event = make_event(types=(Type(4500), Type(2000, "Reduced", pools=(2,))), capacities={1: 3, 2: 0})
    wishes = (Wish(1, 1, 5), Wish(1, 2, 1))
    assert held(run, event, wish(*wishes)) == [errors.SoldOutError(1, 3)]
    hold = only(held(run, event, wish(*wishes, takes_less=True)))
    assert [(line.ticket_type, line.quantity) for line in hold.lines] == [(1, 3)]
    assert held(run, event, wish(*wishes, takes_less=True)) == [errors.SoldOutError(1, 0)]
    assert_books_right(event.id)


def test_who_takes_less_gets_what_lapsed_holds_kept(run: Run) -> None:
    event = make_event(capacity=5)
    only(held(run, event, wish(Wish(1, 1, 4))))
    hold = only(held(run, event, wish(Wish(1, 1, 3), takes_less=True), now=LATER))
    assert hold.quantity == 3
    assert_books_right(event.id)


def test_one_hold_may_span_several_dates(run: Run) -> None:
    event = make_event(capacity=5, dates=2)
    hold = only(held(run, event, wish(Wish(1, 1, 2), Wish(2, 1, 3))))
    assert [line.date for line in hold.lines] == [1, 2]
    assert held(run, event, wish(Wish(1, 1, 3), Wish(2, 1, 3))) == [errors.SoldOutError(1, 2)]
    assert_books_right(event.id)


def test_networks_and_the_numbers_of_counters() -> None:
    assert network_of("192.0.2.7") == "192.0.2.7"
    assert network_of("2001:db8:1:2:3::9") == network_of("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert network_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert network_of("unknown") is None
    ids = {kind: limit_counter_id(kind, "x") for kind in KINDS}
    assert {kind: kind_of(id_) for kind, id_ in ids.items()} == {kind: kind for kind in KINDS}
    assert all(pool_counter_id(65535, 65535, 65535) < id_ < 2**63 for id_ in ids.values())
