"""Drawn halls become seats that the seat chooser and the tokens can use."""

from __future__ import annotations

from collections import Counter

import pytest

from tmam.demo.season_files import Band, Block, PlanEntry, read_season
from tmam.demo.seat_plans import plan_seats, pool_capacities

PLANS = read_season().plans


def test_aisles_are_gaps_and_short_rows_stand_in_the_middle() -> None:
    bands = (Band("A", 2, "X"), Band("B", 6, "X", aisles=(3,)))
    seats = plan_seats(PlanEntry("hall", "Hall", ("X",), (Block("Stalls", bands),)))
    assert [seat.position for seat in seats if seat.row_label == "A"] == [3, 4]
    assert [seat.position for seat in seats if seat.row_label == "B"] == [1, 2, 3, 5, 6, 7]


@pytest.mark.parametrize("key", PLANS)
def test_every_seat_has_its_own_number_and_place(key: str) -> None:
    seats = plan_seats(PLANS[key])
    assert [seat.number_in_plan for seat in seats] == list(range(1, len(seats) + 1))
    assert len({(seat.block, seat.row, seat.position) for seat in seats}) == len(seats)
    assert len({(seat.block_label, seat.row_label, seat.seat_label) for seat in seats}) == len(seats)


@pytest.mark.parametrize("key", PLANS)
def test_every_accessible_place_that_is_named_exists(key: str) -> None:
    named = sum(len(block.accessible) for block in PLANS[key].blocks)
    assert sum(seat.is_accessible for seat in plan_seats(PLANS[key])) == named > 0


@pytest.mark.parametrize("key", PLANS)
def test_categories_count_the_seats(key: str) -> None:
    counted = Counter(seat.pool for seat in plan_seats(PLANS[key]))
    assert list(pool_capacities(PLANS[key]).values()) == [counted[pool] for pool in (1, 2, 3)]
