"""Everything people read about an order, gathered once for pages, mails and files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tmam.catalog.models import Date, Event, TicketType
from tmam.catalog.stretches import StretchKey, stretch_dates
from tmam.kernel.place import CoachPlace
from tmam.orders.models import Order
from tmam.platform.brief_cache import BriefCache
from tmam.tickets.models import Ticket
from tmam.tickets.rules import unpacked_place


@dataclass(frozen=True)
class TicketLine:
    """One ticket of an order, with its date and type from the catalogue."""

    ticket: Ticket
    date: Date
    ticket_type: TicketType


@dataclass(frozen=True)
class OrderSummary:
    """An order with its event (venue and organizer loaded) and its tickets by serial.

    `as_of`: the digest under which the catalogue in it was read; empty, it was read for this order alone.
    """

    order: Order
    event: Event
    lines: Sequence[TicketLine]
    as_of: str = ""

    @property
    def valid_lines(self) -> list[TicketLine]:
        """The tickets that admit somebody."""
        return [line for line in self.lines if line.ticket.state == "valid"]

    @property
    def dates(self) -> list[Date]:
        """The dates one can go to with this order, earliest first."""
        by_start = {
            (line.date.ordinal, line.date.starts_at, line.date.ends_at): line.date for line in self.lines
        }
        return sorted(by_start.values(), key=lambda date: date.starts_at)

    @property
    def first_date(self) -> Date | None:
        """The date that comes first, or None for an order without tickets."""
        return self.dates[0] if self.lines else None

    @property
    def ends_at(self) -> datetime | None:
        """When the last of its dates is over."""
        return max((date.ends_at for date in self.dates), default=None)

    def is_upcoming(self, now: datetime) -> bool:
        """Whether there is still something to go to."""
        return self.ends_at is not None and self.ends_at > now


def summarize_order(order: Order) -> OrderSummary:
    """Gather one order's event, dates, types and tickets."""
    return summarize_orders([order])[0]


def summarize_orders(orders: Sequence[Order]) -> list[OrderSummary]:
    """Gather many orders in the given order: a few reads per event, however many orders."""
    tickets = _tickets_by_order(orders)
    return _joined(orders, tickets, _surroundings(orders, tickets))


def summarize_as_of(order: Order, tickets: Sequence[Ticket], as_of: str) -> OrderSummary:
    """The same for one order whose tickets were read, by serial, with the catalogue that others with the same digest got.

    `as_of` is a text that changes whenever what tickets show of the catalogue does, and was worked out before.
    """
    by_order = {order.id: list(tickets)}
    stretches = frozenset(_stretch_key(ticket) for ticket in tickets)
    found = _known.get_or((order.event_id, stretches, as_of), lambda: _surroundings([order], by_order))
    (summary,) = _joined([order], by_order, found)
    return replace(summary, as_of=as_of)


@dataclass(frozen=True)
class _Surroundings:
    """What tickets are for, from the catalogue: events by number, dates and types by (event, ordinal), stretches."""

    events: Mapping[int, Event]
    dates: Mapping[tuple[int, int], Date]
    types: Mapping[tuple[int, int], TicketType]
    stretches: Mapping[StretchKey, Date]


_known: BriefCache[tuple[int, frozenset[StretchKey], str], _Surroundings] = BriefCache(kept_s=1.0, most=2_000)


def _surroundings(orders: Sequence[Order], tickets: dict[UUID, list[Ticket]]) -> _Surroundings:
    events = Event.objects.select_related("venue", "organizer").in_bulk({order.event_id for order in orders})
    dates, types = _dates_and_types(tickets)
    return _Surroundings(events, dates, types, _stretches(tickets, dates))


def _joined(
    orders: Sequence[Order], tickets: dict[UUID, list[Ticket]], around: _Surroundings
) -> list[OrderSummary]:
    return [
        OrderSummary(
            order,
            around.events[order.event_id],
            [
                TicketLine(
                    ticket,
                    around.stretches.get(
                        _stretch_key(ticket), around.dates[order.event_id, ticket.date_ordinal]
                    ),
                    around.types[order.event_id, ticket.ticket_type],
                )
                for ticket in tickets[order.id]
            ],
        )
        for order in orders
    ]


def load_orders(keys: Iterable[tuple[int, UUID]]) -> list[Order]:
    """The orders with these (event, order) numbers that exist, in the given order; one read per event."""
    wanted = list(keys)
    by_event: dict[int, list[UUID]] = defaultdict(list)
    for event_id, order_id in wanted:
        by_event[event_id].append(order_id)
    found = {
        (order.event_id, order.id): order
        for event_id, ids in by_event.items()
        for order in Order.objects.filter(event_id=event_id, id__in=ids)
    }
    return [found[key] for key in wanted if key in found]


def _tickets_by_order(orders: Sequence[Order]) -> dict[UUID, list[Ticket]]:
    by_event: dict[int, list[UUID]] = defaultdict(list)
    for order in orders:
        by_event[order.event_id].append(order.id)
    tickets: dict[UUID, list[Ticket]] = defaultdict(list)
    for event_id, order_ids in by_event.items():
        for ticket in Ticket.objects.filter(event_id=event_id, order_id__in=order_ids).order_by("serial"):
            tickets[ticket.order_id].append(ticket)
    return tickets


def _stretches(
    tickets: dict[UUID, list[Ticket]], dates: dict[tuple[int, int], Date]
) -> dict[StretchKey, Date]:
    keys = {_stretch_key(ticket) for each in tickets.values() for ticket in each}
    return stretch_dates(
        (dates[event_id, date_ordinal], from_stop, to_stop)
        for event_id, date_ordinal, from_stop, to_stop in keys
    )


def _stretch_key(ticket: Ticket) -> StretchKey:
    """Which stretch of a trip a ticket is for, as its token says it; nonsense for what is no trip."""
    place = unpacked_place(ticket.token_place)
    stops = (place.from_stop, place.to_stop) if isinstance(place, CoachPlace) else (0, 0)
    return ticket.event_id, ticket.date_ordinal, *stops


def _dates_and_types(
    tickets: dict[UUID, list[Ticket]],
) -> tuple[dict[tuple[int, int], Date], dict[tuple[int, int], TicketType]]:
    # Only the dates that the tickets name: a museum has thousands of slots.
    ordinals: dict[int, set[int]] = defaultdict(set)
    for order_tickets in tickets.values():
        for ticket in order_tickets:
            ordinals[ticket.event_id].add(ticket.date_ordinal)
    dates = {
        (event_id, date.ordinal): date
        for event_id, wanted in ordinals.items()
        for date in Date.objects.filter(event_id=event_id, ordinal__in=wanted)
    }
    types = {(row.event_id, row.ordinal): row for row in TicketType.objects.filter(event_id__in=ordinals)}
    return dates, types
