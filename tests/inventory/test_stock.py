"""How much of whole events is sold."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.cast import NOW, Type, make_event
from tests.notifications.purchases import buy
from tests.orders.buyers import hold
from tmam.inventory.queries import Places
from tmam.inventory.stock import stock_by_pool, whole_stock
from tmam.platform.statements import run_verb


@pytest.mark.django_db
def test_pools_are_summed_over_the_dates_of_each_event() -> None:
    event = make_event(dates=2, types=(Type(pools=(1, 2)), Type(pools=(1,))), capacities={1: 50, 2: 5})
    other = make_event(capacity=7)
    buy(event, quantities={1: 2}, now=NOW, date=1)
    hold(event, uuid4(), {2: 3}, now=NOW, date=2)
    assert run_verb(stock_by_pool([event.id, other.id])) == {
        event.id: {1: Places(100, 3, 2), 2: Places(10, 0, 2)},
        other.id: {1: Places(7, 0, 0)},
    }


@pytest.mark.parametrize(
    ("pool_sets", "pools", "whole"),
    [
        ([[1]], {1: Places(100, 3, 20)}, Places(100, 3, 20)),
        ([[1, 2], [1]], {1: Places(100, 3, 20), 2: Places(10, 1, 8)}, Places(100, 3, 20)),
        ([[1], [2]], {1: Places(100, 3, 20), 2: Places(10, 1, 8)}, Places(110, 4, 28)),
        (
            [[1, 2], [1, 3]],
            {1: Places(100, 0, 9), 2: Places(40, 0, 5), 3: Places(60, 0, 4)},
            Places(100, 0, 9),
        ),
        ([], {}, Places(0, 0, 0)),
    ],
)
def test_shared_pools_are_counted_once(
    pool_sets: list[list[int]], pools: dict[int, Places], whole: Places
) -> None:
    assert whole_stock(pool_sets, pools) == whole
