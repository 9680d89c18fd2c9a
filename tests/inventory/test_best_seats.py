from hypothesis import given
from hypothesis import strategies as st

from tmam.inventory.best_seats import SeatWish, best_seats
from tmam.inventory.seat_plans import Plan, PlanSeat


def a_plan(
    rows: int = 3, seats: int = 8, aisle_after: int | None = None, accessible: frozenset[int] = frozenset()
) -> Plan:
    def position(seat: int) -> int:
        return seat + (1 if aisle_after is not None and seat > aisle_after else 0)

    return Plan(
        [
            PlanSeat(
                row * seats + seat,
                1,
                1,
                row + 1,
                position(seat),
                "Stalls",
                str(row + 1),
                str(seat),
                row * seats + seat in accessible,
            )
            for row in range(rows)
            for seat in range(1, seats + 1)
        ]
    )


def best(plan: Plan, pool: int, taken: set[int], quantity: int) -> list[int]:
    bits = sum(1 << (number - 1) for number in taken)
    return best_seats(plan, SeatWish(pool, quantity), plan.in_order(bits))


def test_the_middle_of_the_front_row_comes_first() -> None:
    assert best(a_plan(), 1, set(), 2) == [4, 5]


def test_people_stay_together_even_if_that_is_further_back() -> None:
    assert best(a_plan(), 1, {2, 4, 6, 8}, 2) == [12, 13]


def test_no_single_seat_is_left_alone_when_it_can_be_avoided() -> None:
    # Six free seats: taking two in the very middle is fine, taking 2-3 of five would strand one.
    assert best(a_plan(rows=1, seats=5), 1, set(), 2) in ([1, 2], [4, 5])


def test_an_aisle_parts_neighbours() -> None:
    assert best(a_plan(rows=1, seats=6, aisle_after=3), 1, set(), 3) in ([1, 2, 3], [4, 5, 6])
    assert best(a_plan(rows=1, seats=4, aisle_after=2), 1, {1}, 2) == [3, 4]


def test_a_group_too_large_for_any_row_is_split_into_the_largest_parts() -> None:
    seats = best(a_plan(rows=2, seats=4), 1, set(), 6)
    assert seats[:4] == [1, 2, 3, 4]
    assert len(seats) == 6


def test_accessible_places_go_last() -> None:
    plan = a_plan(rows=1, seats=4, accessible=frozenset({2, 3}))
    assert best(plan, 1, set(), 1) in ([1], [4])
    assert set(best(plan, 1, {1, 4}, 2)) == {2, 3}


def test_too_few_seats_give_what_there_is() -> None:
    assert len(best(a_plan(rows=1, seats=3), 1, {1}, 5)) == 2
    assert best(a_plan(), 9, set(), 1) == []


@given(st.sets(st.integers(1, 24)), st.integers(1, 10))
def test_never_a_taken_seat_never_the_same_twice(taken: set[int], quantity: int) -> None:
    seats = best(a_plan(), 1, taken, quantity)
    assert not set(seats) & taken
    assert len(seats) == len(set(seats)) == min(quantity, 24 - len(taken))
