"""Numbered seats of a train or an aeroplane: one seat plan for each shape, made once for each feed."""

from __future__ import annotations

from string import ascii_uppercase

from tmam.catalog.models import Seat, SeatPlan
from tmam.timetables.sale import Coaches

POOL = 1


def coaches_plan(venue_id: int, feed: str, coaches: Coaches, coach_label: str) -> SeatPlan:
    """The plan of a shape, made on first use. Part of the caller's transaction."""
    name = f"{feed[:50]} {coach_label[:20]} {coaches.coaches}x{coaches.rows}x{coaches.seats}"
    plan = SeatPlan.objects.filter(name=name).order_by("id").first()
    if plan is not None:
        return plan
    plan = SeatPlan.objects.create(venue_id=venue_id, name=name)
    Seat.objects.bulk_create(plan_seats(plan, coaches, coach_label), batch_size=1000)
    return plan


def plan_seats(plan: SeatPlan, coaches: Coaches, coach_label: str) -> list[Seat]:
    """The seats, numbered by coach, row and letter, with an aisle in the middle of each row."""
    seats: list[Seat] = []
    for coach in range(1, coaches.coaches + 1):
        label = f"{coach_label} {coach}" if coaches.coaches > 1 else coach_label
        for row in range(1, coaches.rows + 1):
            for place in range(1, coaches.seats + 1):
                aisle = coaches.seats > 2 and place > (coaches.seats + 1) // 2
                seats.append(
                    Seat(
                        plan=plan,
                        number_in_plan=len(seats) + 1,
                        pool=POOL,
                        block=coach,
                        row=row,
                        position=place + aisle,
                        block_label=label,
                        row_label=str(row),
                        seat_label=ascii_uppercase[place - 1],
                    )
                )
    return seats
