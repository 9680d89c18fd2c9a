"""Halls for the tests of seat plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.utils import timezone

from tests.cast import Type, make_event, make_venue
from tmam.catalog.models import Event, Kind, Seat, SeatPlan
from tmam.demo.season_files import read_season
from tmam.demo.seat_plans import plan_seats
from tmam.inventory.seat_plans import Plan, PlanSeat

Block = tuple[str, int, int]  # label, rows, seats in each


def plan_of(*blocks: Block) -> Plan:
    """A plan of rectangular blocks, all of price category 1, numbered through; rows 1…, seats 1…."""
    seats: list[PlanSeat] = []
    for block, (label, rows, width) in enumerate(blocks, start=1):
        seats += [
            PlanSeat(
                len(seats) + row * width + seat + 1,
                1,
                block,
                row + 1,
                seat + 1,
                label,
                str(row + 1),
                str(seat + 1),
                False,
            )
            for row in range(rows)
            for seat in range(width)
        ]
    return Plan(seats)


def make_theatre(types: Sequence[Type] | None = None, **fields: Any) -> Event:
    """The demo season's theatre: stalls with wheelchair places and two circles, 306 seats in three price categories."""
    entry = read_season().plans["stratford-main"]
    venue = make_venue()
    plan = SeatPlan.objects.create(venue=venue, name=entry.name)
    seats = [Seat(plan=plan, **vars(seat)) for seat in plan_seats(entry)]
    Seat.objects.bulk_create(seats)
    types = types or (
        Type(4800, name="Category A", pools=(1,), is_seated=True),
        Type(3400, name="Category B", pools=(2,), is_seated=True),
        Type(1800, name="Category C", pools=(3,), is_seated=True),
    )
    sizes: Mapping[int, int] = {pool: sum(seat.pool == pool for seat in seats) for pool in (1, 2, 3)}
    return make_event(venue=venue, seat_plan=plan, types=types, kind=Kind.THEATRE, capacities=sizes, **fields)


def make_hall(*blocks: Block) -> Event:
    """An event now on sale in a hall of rectangular blocks, all of one price category."""
    venue = make_venue()
    plan = SeatPlan.objects.create(venue=venue, name="Hall")
    seats = plan_of(*blocks).seats
    names = ("number_in_plan", *PlanSeat.__struct_fields__[1:])
    Seat.objects.bulk_create(
        Seat(plan=plan, **dict(zip(names, msgspec.structs.astuple(seat), strict=True))) for seat in seats
    )
    return make_event(
        now=timezone.now(),
        venue=venue,
        seat_plan=plan,
        types=(Type(name="Seat", is_seated=True),),
        capacity=len(seats),
    )
