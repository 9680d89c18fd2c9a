"""Seats in words: `Stalls · row C · seats 3–4`. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext, ngettext

from tmam.inventory.seat_plans import Plan, PlanSeat


def seat_words(plan: Plan, numbers: Iterable[int]) -> str:
    """Some seats of a plan for people, row by row; numbers that the plan does not have are left out."""
    seats = sorted(
        (plan.by_number[number] for number in set(numbers) if number in plan.by_number),
        key=lambda seat: (seat.block, seat.row, seat.position),
    )
    rows = itertools.groupby(seats, lambda seat: (seat.block, seat.row))
    return "; ".join(_row_words(list(row)) for _, row in rows)


def _row_words(seats: Sequence[PlanSeat]) -> str:
    first = seats[0]
    words = ngettext("seat {seats}", "seats {seats}", len(seats)).format(seats=_labels(seats))
    return gettext("{block} · row {row} · {seats}").format(
        block=first.block_label, row=first.row_label, seats=words
    )


def _labels(seats: Sequence[PlanSeat]) -> str:
    """Neighbours as `3–6`, others one by one."""
    groups: list[list[PlanSeat]] = []
    for seat in seats:
        if groups and groups[-1][-1].position + 1 == seat.position:
            groups[-1].append(seat)
        else:
            groups.append([seat])
    return ", ".join(
        group[0].seat_label if len(group) == 1 else f"{group[0].seat_label}–{group[-1].seat_label}"
        for group in groups
    )
