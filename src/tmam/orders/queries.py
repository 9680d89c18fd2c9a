"""Reads: a visitor's checkouts and their baskets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from tmam.catalog.models import Date, Event, Seat, TicketType
from tmam.catalog.sales_rules import Channel, SalesLimit
from tmam.catalog.stretches import StretchKey, stretch_dates
from tmam.inventory.holds import Hold, HoldLine, read_holds
from tmam.orders.baskets import Basket, BasketItem, BasketLine
from tmam.orders.errors import CheckoutNotFoundError
from tmam.orders.models import Checkout, CheckoutHold, CheckoutState, Order
from tmam.platform.statements import run_verb


def own_checkout(checkout_id: UUID, visitor_id: UUID | None) -> Checkout:
    """A visitor's own checkout, in whatever state.

    Raises:
        CheckoutNotFoundError: there is none, or it is somebody else's.
    """
    checkout = Checkout.objects.filter(id=checkout_id, visitor_id=visitor_id).first() if visitor_id else None
    if checkout is None:
        raise CheckoutNotFoundError
    return checkout


def running_checkouts(visitor_id: UUID) -> list[Checkout]:
    """A visitor's checkouts that are neither done nor given up, newest first."""
    running = Checkout.objects.filter(
        visitor_id=visitor_id, state__in=[CheckoutState.OPEN, CheckoutState.PAYING]
    )
    return list(running.order_by("-opened_at", "-id"))


def load_basket(checkout: Checkout, now: datetime) -> Basket:
    """The basket of a checkout: a few reads per event."""
    items = load_items(checkout.holds.order_by("added_at", "id"))
    is_paying = checkout.state == CheckoutState.PAYING
    kept = [item for item in items if item.hold.is_live(now) or (is_paying and item.hold.state == "held")]
    return Basket(checkout, items=kept, lost=[item for item in items if item not in kept])


def load_items(holds_of_checkout: Iterable[CheckoutHold]) -> list[BasketItem]:
    """Holds with the catalogue's words, in the given order; those whose hold or event is gone are absent.

    Raises:
        KeyError: the catalogue has lost a date or ticket type that was held.
    """
    rows = list(holds_of_checkout)
    holds = load_holds(rows)
    events = Event.objects.select_related("organizer", "venue").in_bulk({row.event_id for row in rows})
    dates = _dates(holds.values())
    stretches = _stretches(holds.values(), dates)
    types = _types(holds.values())
    seats = _seat_labels(events.values(), holds.values())
    limits = _limits(events)
    return [
        BasketItem(
            events[row.event_id],
            hold,
            [_line(row.event_id, line, stretches, dates, types=types, seats=seats) for line in hold.lines],
            limits[row.event_id],
        )
        for row in rows
        if (hold := holds.get(row.hold_id)) is not None and row.event_id in events
    ]


def load_holds(rows: Iterable[CheckoutHold]) -> dict[UUID, Hold]:
    """The holds that lie in a checkout, by id: one read per event."""
    by_event: dict[int, list[UUID]] = defaultdict(list)
    for row in rows:
        by_event[row.event_id].append(row.hold_id)
    holds: dict[UUID, Hold] = {}
    for event_id, hold_ids in sorted(by_event.items()):
        holds |= run_verb(read_holds(event_id, hold_ids))
    return holds


def orders_of(checkout: Checkout) -> list[Order]:
    """The orders a checkout became, in the order of its basket: one read per event."""
    rows = list(checkout.holds.order_by("added_at", "id"))
    found: dict[UUID, Order] = {}
    for event_id in sorted({row.event_id for row in rows}):
        found |= {
            order.hold_id: order for order in Order.objects.filter(event_id=event_id, checkout_id=checkout.id)
        }
    return [found[row.hold_id] for row in rows if row.hold_id in found]


def _line(
    event_id: int,
    line: HoldLine,
    stretches: dict[StretchKey, Date],
    dates: dict[tuple[int, int], Date],
    *,
    types: dict[tuple[int, int], TicketType],
    seats: dict[tuple[int, int], str],
) -> BasketLine:
    date = dates[event_id, line.date]
    if line.from_stop is not None and line.to_stop is not None:
        date = stretches.get((event_id, line.date, line.from_stop, line.to_stop), date)
    return BasketLine(
        date=date,
        ticket_type=types[event_id, line.ticket_type],
        quantity=line.quantity,
        price_minor=line.price_minor,
        seats=[seats.get((event_id, number), str(number)) for number in line.seats],
    )


def _dates(holds: Iterable[Hold]) -> dict[tuple[int, int], Date]:
    wanted = {(hold.event_id, line.date) for hold in holds for line in hold.lines}
    rows = Date.objects.filter(event_id__in={e for e, _ in wanted}, ordinal__in={d for _, d in wanted})
    return {(row.event_id, row.ordinal): row for row in rows}


def _stretches(holds: Iterable[Hold], dates: dict[tuple[int, int], Date]) -> dict[StretchKey, Date]:
    return stretch_dates(
        (dates[hold.event_id, line.date], line.from_stop, line.to_stop)
        for hold in holds
        for line in hold.lines
        if line.from_stop is not None and line.to_stop is not None
    )


def _types(holds: Iterable[Hold]) -> dict[tuple[int, int], TicketType]:
    event_ids = {hold.event_id for hold in holds}
    return {(row.event_id, row.ordinal): row for row in TicketType.objects.filter(event_id__in=event_ids)}


def _limits(event_ids: Collection[int]) -> dict[int, list[SalesLimit]]:
    """The limits of each event that count on the web."""
    limits: dict[int, list[SalesLimit]] = {event_id: [] for event_id in event_ids}
    for limit in SalesLimit.objects.filter(event_id__in=event_ids):
        if Channel.WEB not in limit.exempt_channels:
            limits[limit.event_id].append(limit)
    return limits


def _seat_labels(events: Iterable[Event], holds: Iterable[Hold]) -> dict[tuple[int, int], str]:
    plans = {event.id: event.seat_plan_id for event in events if event.seat_plan_id}
    numbers = {number for hold in holds for line in hold.lines for number in line.seats}
    if not plans or not numbers:
        return {}
    rows: Sequence[Seat] = list(Seat.objects.filter(plan_id__in=plans.values(), number_in_plan__in=numbers))
    labels = {(row.plan_id, row.number_in_plan): str(row) for row in rows}
    return {
        (event_id, number): label
        for event_id, plan_id in plans.items()
        for (labelled_plan, number), label in labels.items()
        if labelled_plan == plan_id
    }
