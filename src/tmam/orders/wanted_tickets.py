"""The tickets that a hold becomes when it is sold: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tmam.catalog.date_rules import EARLIEST_ENTRY
from tmam.catalog.offers import Offer
from tmam.inventory.holds import Hold, HoldLine
from tmam.inventory.seat_plans import Plan, PlanSeat
from tmam.kernel.place import CoachPlace, Place, SeatPlace
from tmam.tickets.issue_tickets import TicketWanted

# A train may be late; the ticket still admits at the last door.
LATEST_ARRIVAL = timedelta(hours=6)


@dataclass(frozen=True)
class Holder:
    """Who will use one ticket, where the ticket type asks."""

    name: str = ""
    document: str = field(default="", repr=False)


@dataclass(frozen=True)
class OrderMade:
    """The order that the tickets belong to. `holders` in the order of the hold's places."""

    order_id: UUID
    booking_reference: str
    holders: Sequence[Holder] = ()


def tickets_wanted(offer: Offer, plan: Plan | None, order: OrderMade, hold: Hold) -> list[TicketWanted]:
    """The tickets of an order, one per place, with the holders as given."""
    holders = iter(order.holders)
    wanted: list[TicketWanted] = []
    for line in hold.lines:
        valid_from, valid_until = _validity(offer, line)
        for number in range(line.quantity):
            holder = next(holders, Holder())
            seat = plan.by_number[line.seats[number]] if line.seats and plan is not None else None
            wanted.append(
                TicketWanted(
                    order_id=order.order_id,
                    booking_reference=order.booking_reference,
                    date_ordinal=line.date,
                    ticket_type=line.ticket_type,
                    price_minor=line.price_minor,
                    currency=offer.currency,
                    valid_from=valid_from,
                    valid_until=valid_until,
                    seat=seat.number if seat else None,
                    place=_place(line, seat),
                    place_label=seat.label if seat else "",
                    holder_name=holder.name,
                    document=holder.document,
                )
            )
    return wanted


def _validity(offer: Offer, line: HoldLine) -> tuple[datetime, datetime]:
    """From when until when a ticket admits: around its date, or around its own stretch of a trip."""
    date = offer.date_by_ordinal[line.date]
    pattern = offer.pattern_of(date)
    if pattern is None or line.from_stop is None or line.to_stop is None:
        return (date.doors_at or date.starts_at) - EARLIEST_ENTRY, date.ends_at
    departs_at = date.starts_at + timedelta(seconds=pattern.departure_s[line.from_stop])
    arrives_at = date.starts_at + timedelta(seconds=pattern.arrival_s[line.to_stop])
    return departs_at - EARLIEST_ENTRY, arrives_at + LATEST_ARRIVAL


def _place(line: HoldLine, seat: PlanSeat | None) -> Place | None:
    """What the token says of the place. On trips it says the stretch, also where one stands."""
    if line.from_stop is not None and line.to_stop is not None:
        coach, number = (seat.block, seat.number) if seat else (0, 0)
        return CoachPlace(coach, number, line.from_stop, line.to_stop)
    return SeatPlace(seat.block, seat.row, seat.position) if seat else None
