"""Choosing seats for people who do not want to choose: together, in front, in the middle. Pure."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

import msgspec

from tmam.platform.statements import Verb, statement


class PlanSeat(msgspec.Struct, frozen=True):
    """One seat of a plan, see `catalog.models.Seat`."""

    number: int
    pool: int
    block: int
    row: int
    position: int
    block_label: str
    row_label: str
    seat_label: str
    is_accessible: bool


class Plan:
    """A seat plan prepared for choosing: its seats by number and, per pool, its rows in plan order."""

    def __init__(self, seats: Sequence[PlanSeat]) -> None:
        self.by_number = {seat.number: seat for seat in seats}
        self.rows_by_pool: dict[int, list[list[PlanSeat]]] = defaultdict(list)
        for pool in sorted({seat.pool for seat in seats}):
            in_pool = (seat for seat in seats if seat.pool == pool)
            for _, row in itertools.groupby(in_pool, key=lambda seat: (seat.block, seat.row)):
                self.rows_by_pool[pool].append(list(row))


def load_plan(plan_id: int) -> Verb[Plan]:
    """The seats of a plan. Callers keep the result: plans hardly ever change."""
    rows = yield statement("tmam.inventory", "load_seats"), (plan_id,)
    return Plan([PlanSeat(*row) for row in rows])


def best_seats(plan: Plan, pool: int, taken: AbstractSet[int], quantity: int) -> list[int]:
    """The numbers of the best `quantity` free seats of a pool, side by side when that is possible.

    Together beats everything; then no single seat is left alone; then the front row; then the middle of the
    row. When no row has enough neighbours, the largest groups in the best rows are taken. Accessible places
    are kept for those who need them and are given out only when nothing else is left.

    Returns fewer than `quantity` numbers only if the pool has fewer free seats.
    """
    chosen: list[int] = []
    occupied = set(taken)
    while len(chosen) < quantity:
        group = _best_group(plan, pool, occupied, quantity - len(chosen))
        if not group:
            break
        chosen += group
        occupied.update(group)
    return chosen


def _best_group(plan: Plan, pool: int, taken: AbstractSet[int], wanted: int) -> list[int]:
    best: tuple[tuple[float, ...], list[int]] | None = None
    for depth, row in enumerate(plan.rows_by_pool.get(pool, [])):
        middle = (row[0].position + row[-1].position) / 2
        for run in _free_runs(row, taken):
            size = min(wanted, len(run))
            for start in range(len(run) - size + 1):
                group = run[start : start + size]
                left_alone = (start == 1) + (len(run) - start - size == 1)
                off_middle = abs((group[0].position + group[-1].position) / 2 - middle)
                reserved = any(seat.is_accessible for seat in group)
                cost = (float(reserved), float(-size), float(left_alone), float(depth), off_middle)
                if best is None or cost < best[0]:
                    best = cost, [seat.number for seat in group]
    return best[1] if best else []


def _free_runs(row: Sequence[PlanSeat], taken: AbstractSet[int]) -> Iterator[list[PlanSeat]]:
    """Stretches of free neighbours: an aisle (a gap in `position`) or a taken seat ends one."""
    run: list[PlanSeat] = []
    for seat in row:
        if run and (seat.number in taken or seat.position != run[-1].position + 1):
            yield run
            run = []
        if seat.number not in taken:
            run.append(seat)
    if run:
        yield run
