import gzip
from collections.abc import Sequence

import msgspec

from tests.web.halls import plan_of
from tmam.demo.season_files import read_season
from tmam.demo.seat_plans import plan_seats
from tmam.inventory.seat_plans import Plan, PlanSeat
from tmam.web.shop.plan_document import PlanDocument, Run, plan_document

Read = tuple[int, int, str, bool]  # number, price category, label, wheelchair place


def seat(
    number: int, *, label: str = "", position: int = 0, pool: int = 1, accessible: bool = False
) -> PlanSeat:
    return PlanSeat(number, pool, 1, 1, position or number, "Stalls", "A", label or str(number), accessible)


def runs_of(seats: Sequence[PlanSeat]) -> list[Run]:
    (block,) = plan_document(Plan(seats)).blocks
    (row,) = block.rows
    return row.runs


def read_back(document: PlanDocument) -> list[Read]:
    """As the browser reads it, see `seats/plan.js`."""
    return [
        (
            run.number + step,
            run.pool,
            str(int(run.label) + step * run.step) if run.step else run.label,
            bool(run.is_accessible),
        )
        for block in document.blocks
        for row in block.rows
        for run in row.runs
        for step in range(run.count)
    ]


def test_every_seat_of_the_demo_halls_comes_back() -> None:
    for entry in read_season().plans.values():
        seats = [
            PlanSeat(
                each.number_in_plan, each.pool, each.block, each.row, each.position,
                each.block_label, each.row_label, each.seat_label, each.is_accessible,
            )
            for each in plan_seats(entry)
        ]  # fmt: skip
        document = plan_document(Plan(seats))
        assert read_back(document) == [
            (each.number, each.pool, each.seat_label, each.is_accessible) for each in seats
        ]
        assert document.size == len(seats)
        assert [block.name for block in document.blocks] == [block.label for block in entry.blocks]


def test_alike_neighbours_are_one_run() -> None:
    assert runs_of([seat(number) for number in range(1, 31)]) == [Run(1, 0, 30, 1, "1", 1, 0)]


def test_labels_may_count_down_or_by_twos() -> None:
    down = [seat(number, label=str(11 - number)) for number in range(1, 6)]
    odd = [seat(number, label=str(2 * number - 1)) for number in range(1, 6)]
    assert runs_of(down) == [Run(1, 0, 5, 1, "10", -1, 0)]
    assert runs_of(odd) == [Run(1, 0, 5, 1, "1", 2, 0)]


def test_an_aisle_a_price_and_a_wheelchair_place_begin_a_run() -> None:
    row = [
        seat(1),
        seat(2),
        seat(3, position=4),
        seat(4, position=5, pool=2),
        seat(5, position=6, pool=2, accessible=True),
    ]
    assert [(run.number, run.place, run.count) for run in runs_of(row)] == [
        (1, 0, 2), (3, 3, 1), (4, 4, 1), (5, 5, 1)
    ]  # fmt: skip


def test_labels_that_are_no_plain_numbers_stand_alone() -> None:
    row = [seat(1, label="01"), seat(2, label="02"), seat(3, label="A"), seat(4, label="B")]
    assert [(run.label, run.count) for run in runs_of(row)] == [("01", 1), ("02", 1), ("A", 1), ("B", 1)]


def test_fifty_thousand_seats_are_a_small_document() -> None:
    plan = plan_of(*((str(block), 20, 25) for block in range(100)))
    document = plan_document(plan)
    packed = gzip.compress(msgspec.json.encode(document))
    assert document.size == 50_000
    assert len(read_back(document)) == 50_000
    assert len(packed) < 15_000


def test_a_plan_without_seats_is_an_empty_sheet() -> None:
    assert plan_document(Plan([])) == PlanDocument(0, 0, 0, [])
