"""From a drawn plan to its seats: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tmam.demo.season_files import Band, PlanEntry


@dataclass(frozen=True)
class PlannedSeat:
    """One seat; the fields are those of `catalog.models.Seat`."""

    number_in_plan: int
    pool: int
    block: int
    row: int
    position: int
    block_label: str
    row_label: str
    seat_label: str
    is_accessible: bool


def plan_seats(plan: PlanEntry) -> list[PlannedSeat]:
    """Every seat of the plan, numbered from 1 by block, row and seat.

    `position` counts from the left with one gap per aisle, shorter rows centred on the widest one of their block.
    """
    seats: list[PlannedSeat] = []
    for block_number, block in enumerate(plan.blocks, start=1):
        widest = max(_width(band) for band in block.bands)
        rows = ((band, label) for band in block.bands for label in band.rows.split())
        for row_number, (band, row_label) in enumerate(rows, start=1):
            indent = (widest - _width(band)) // 2
            for seat, position in _positions(band):
                seats.append(
                    PlannedSeat(
                        number_in_plan=len(seats) + 1,
                        pool=plan.categories.index(band.category) + 1,
                        block=block_number,
                        row=row_number,
                        position=indent + position,
                        block_label=block.label,
                        row_label=row_label,
                        seat_label=str(seat),
                        is_accessible=_seat_name(row_label, seat) in block.accessible,
                    )
                )
    return seats


def pool_capacities(plan: PlanEntry) -> dict[str, int]:
    """How many seats each price category has, in the order of the categories."""
    counted = Counter(seat.pool for seat in plan_seats(plan))
    return {category: counted[pool] for pool, category in enumerate(plan.categories, start=1)}


def _width(band: Band) -> int:
    return band.seats + len(band.aisles)


def _positions(band: Band) -> Iterator[tuple[int, int]]:
    for seat in range(1, band.seats + 1):
        yield seat, seat + sum(aisle < seat for aisle in band.aisles)


def _seat_name(row_label: str, seat: int) -> str:
    dash = "-" if row_label.isdigit() else ""
    return f"{row_label}{dash}{seat}"
