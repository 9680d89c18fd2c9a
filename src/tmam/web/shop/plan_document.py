"""The plan of a hall as one small JSON document, from which the browser draws it. Pure; `seats/plan.js` reads it.

`{"size": 306, "width": 20, "height": 30, "blocks": [{"number": 1, "name": "Stalls", "x": 0, "y": 0.79, "width": 19,
"height": 10, "curve": 0.79, "rows": [["A", 0, [run, …]], …]}, …]}`. A row is its label, its place from the top of its
block, and its seats as runs of alike neighbours: `[first number in the plan, first place from the left, how many, price
category, label of the first, step from label to label (0: no number), 1 for wheelchair places]`. Fifty thousand seats
are some thousand runs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tmam.inventory.seat_plans import Plan, PlanSeat
from tmam.web.shop.plan_layout import Box, place_blocks, spread

STEPS = (1, -1, 2, -2)  # halls also number odd seats on one side and even ones on the other


class Run(msgspec.Struct, array_like=True):
    """Neighbours that differ in number and label only."""

    number: int
    place: int
    count: int
    pool: int
    label: str
    step: int
    is_accessible: int


class PlanRow(msgspec.Struct, array_like=True):
    """One row with its runs."""

    name: str
    place: int
    runs: list[Run]


class PlanBlock(msgspec.Struct):
    """One section, placed on paper."""

    number: int
    name: str
    x: float
    y: float
    width: int
    height: int
    curve: float
    rows: list[PlanRow]


class PlanDocument(msgspec.Struct):
    """The whole hall. `size` is the highest seat number."""

    size: int
    width: float
    height: float
    blocks: list[PlanBlock]


def plan_document(plan: Plan) -> PlanDocument:
    """The document of a plan."""
    blocks = [list(seats) for _, seats in itertools.groupby(plan.seats, lambda seat: seat.block)]
    columns = [spread(seat.position for seat in block) for block in blocks]
    heights = [spread(seat.row for seat in block) for block in blocks]
    sizes = [
        (max(column.values()) + 1, max(height.values()) + 1)
        for column, height in zip(columns, heights, strict=True)
    ]
    boxes = place_blocks(sizes)
    return PlanDocument(
        size=plan.size,
        width=max((box.x + box.width for box in boxes), default=0),
        height=max((box.y + box.height for box in boxes), default=0),
        blocks=[
            _block(seats, box, column, height)
            for seats, box, column, height in zip(blocks, boxes, columns, heights, strict=True)
        ],
    )


def _block(
    seats: Sequence[PlanSeat], box: Box, columns: Mapping[int, int], heights: Mapping[int, int]
) -> PlanBlock:
    rows = [
        PlanRow(row[0].row_label, heights[row[0].row], _runs(row, columns))
        for row in (list(group) for _, group in itertools.groupby(seats, lambda seat: seat.row))
    ]
    first = seats[0]
    return PlanBlock(first.block, first.block_label, box.x, box.y, box.width, box.height, box.curve, rows)


def _runs(row: Iterable[PlanSeat], columns: Mapping[int, int]) -> list[Run]:
    runs: list[Run] = []
    for seat in row:
        place = columns[seat.position]
        if runs and _goes_on(runs[-1], seat, place):
            runs[-1].count += 1
            continue
        runs.append(Run(seat.number, place, 1, seat.pool, seat.seat_label, 0, int(seat.is_accessible)))
    return runs


def _goes_on(run: Run, seat: PlanSeat, place: int) -> bool:
    """Whether the seat is the next of the run; the second seat of a run decides the step of its labels."""
    is_alike = (
        seat.number == run.number + run.count
        and place == run.place + run.count
        and seat.pool == run.pool
        and seat.is_accessible == bool(run.is_accessible)
        and _is_number(run.label)
        and _is_number(seat.seat_label)
    )
    if not is_alike:
        return False
    distance = int(seat.seat_label) - int(run.label)
    if run.count == 1 and distance in STEPS:
        run.step = distance
        return True
    return run.count > 1 and distance == run.step * run.count


def _is_number(label: str) -> bool:
    return label.isascii() and label.isdigit() and str(int(label)) == label
