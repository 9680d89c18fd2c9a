from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from tests.cast import NOW
from tmam.catalog.offers import Offer, OfferDate, OfferType
from tmam.inventory import errors
from tmam.inventory.counter_keys import pool_counter_id, pool_of_counter
from tmam.inventory.draws import HoldRequest, plan_draw, wishes_for
from tmam.inventory.grants import Grant, Stock, decide


def an_offer(*, now: datetime = NOW, status: str = "on_sale", cancelled: bool = False) -> Offer:
    date = OfferDate(
        1,
        now + timedelta(days=9),
        now + timedelta(days=9, hours=2),
        None,
        now - timedelta(days=1),
        now + timedelta(days=9),
        cancelled,
    )
    early = OfferType(
        1, {"en": "Early bird"}, 3000, 100, 1000, (1, 2), frozenset(), 1, 4, False, False, False
    )
    group = OfferType(2, {"en": "Group"}, 2000, 0, 1000, (2,), frozenset({1}), 5, 20, False, False, False)
    other_day = OfferType(3, {"en": "Sunday"}, 2000, 0, 1000, (2,), frozenset({7}), 1, 9, False, False, False)
    return Offer(5, 1, status, "EUR", 10, 5, 8, None, "x", "1", (date,), (early, group, other_day))


def ask(quantities: dict[int, int], date: int = 1) -> HoldRequest:
    return HoldRequest(uuid4(), uuid4(), wishes_for(date, quantities))


def test_one_ticket_may_draw_on_several_pools() -> None:
    draw = plan_draw(an_offer(), ask({1: 2, 2: 5}), NOW)
    assert [line.pools for line in draw.lines] == [
        (pool_counter_id(1, 0, 1), pool_counter_id(1, 0, 2)),
        (pool_counter_id(1, 0, 2),),
    ]
    assert [(each.line.ticket_type, each.line.quantity, each.line.price_minor) for each in draw.lines] == [
        (1, 2, 3000),
        (2, 5, 2000),
    ]


@pytest.mark.parametrize(
    ("quantities", "error"),
    [
        ({}, errors.NothingChosenError()),
        ({1: 0, 2: 0}, errors.NothingChosenError()),
        ({1: -1}, errors.BadQuantityError(most=4)),
        ({1: 10**9}, errors.BadQuantityError(most=4)),
        ({1: 5}, errors.TooManyError(most=4)),
        ({2: 4}, errors.TooFewError(least=5)),
        ({1: 4, 2: 5}, errors.TooManyError(most=8)),
        ({9: 1}, errors.NoSuchTicketError()),
        ({3: 1}, errors.NoSuchTicketError()),
    ],
)
def test_wrong_quantities_are_refused_by_name(
    quantities: dict[int, int], error: errors.InventoryError
) -> None:
    with pytest.raises(type(error)) as caught:
        plan_draw(an_offer(), ask(quantities), NOW)
    assert caught.value == error


def test_the_sales_window_is_kept() -> None:
    offer = an_offer()
    with pytest.raises(errors.SalesNotOpenError):
        plan_draw(offer, ask({1: 1}), NOW - timedelta(days=2))
    with pytest.raises(errors.SalesEndedError):
        plan_draw(offer, ask({1: 1}), NOW + timedelta(days=9))
    with pytest.raises(errors.NoSuchTicketError):
        plan_draw(offer, ask({1: 1}, date=2), NOW)
    for closed in (an_offer(status="soon"), an_offer(cancelled=True)):
        with pytest.raises(errors.NotOnSaleError):
            plan_draw(closed, ask({1: 1}), NOW)


def test_a_large_refused_request_does_not_stand_in_the_way_of_small_ones() -> None:
    offer = an_offer()
    draws = [plan_draw(offer, ask({1: quantity}), NOW) for quantity in (3, 4, 1, 2)]
    stock = Stock({pool_counter_id(1, 0, 1): 5, pool_counter_id(1, 0, 2): 99}, {}, {})
    answers = decide(offer, None, draws, stock)
    assert [isinstance(answer, Grant) for answer in answers] == [True, False, True, False]
    assert answers[1::2] == [errors.SoldOutError(1, 2), errors.SoldOutError(1, 1)]
    assert stock.free == {pool_counter_id(1, 0, 1): 1, pool_counter_id(1, 0, 2): 95}


def test_counter_ids_unpack_and_sort_by_date() -> None:
    assert pool_of_counter(pool_counter_id(65535, 40, 300)) == (65535, 40, 300)
    assert pool_counter_id(1, 9, 9) < pool_counter_id(2, 0, 0)
