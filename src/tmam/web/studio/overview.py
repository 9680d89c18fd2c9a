"""What the studio shows of several events: their stock, the newest orders and scans. A dozen reads, however many events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F, Min, Q

from tmam.catalog.models import Event, EventStatus, TicketType
from tmam.gates.entries import admitted_since, gate_names, latest_scans
from tmam.gates.models import Scan
from tmam.inventory.queries import Places
from tmam.inventory.stock import stock_by_pool, whole_stock
from tmam.orders.models import Order
from tmam.orders.sales import CurrencySales, latest_orders, sales_since, tickets_in
from tmam.organizers.permissions import Action, Powers
from tmam.platform.statements import run_verb

MAX_EVENTS: Final = 100
LATEST: Final = 12
LATELY: Final = timedelta(hours=24)


@dataclass(frozen=True)
class EventRow:
    """One event of the list; `next_starts_at` is None when its last date is over."""

    event: Event
    next_starts_at: datetime | None
    places: Places


@dataclass(frozen=True)
class OrderRow:
    """One order of the list, the buyer's name shortened."""

    order: Order
    event: Event
    buyer: str
    tickets: int


@dataclass(frozen=True)
class ScanRow:
    """One scan of the list, with the name of its gate."""

    scan: Scan
    event: Event
    gate: str


@dataclass(frozen=True)
class Lately:
    """The last 24 hours in numbers, and what is reserved at this moment. No `sales` for who may not see money."""

    orders: int
    tickets: int
    admitted: int
    held: int
    sales: Sequence[CurrencySales] | None


@dataclass(frozen=True)
class Overview:
    """Everything on `/studio/`. `has_more_events`: only the first hundred are listed and counted.

    No `orders` for who may see those of no event.
    """

    now: datetime
    lately: Lately
    events: Sequence[EventRow]
    orders: Sequence[OrderRow] | None
    scans: Sequence[ScanRow]
    has_more_events: bool


def load_overview(shown: Q, powers: Powers, now: datetime) -> Overview:
    """The overview of some events, the next ones first, as far as one may see each."""
    next_starts_at = _next_events(shown, now)
    rows = _event_rows(next_starts_at)
    by_id = {row.event.id: row.event for row in rows}
    with_orders = [id_ for id_, event in by_id.items() if powers.may(Action.SEE_ORDERS, event)]
    orders = None
    if with_orders or not by_id:
        orders = order_rows(latest_orders(with_orders, now, LATEST), by_id)
    return Overview(
        now=now,
        lately=load_lately(rows, powers, now),
        events=rows,
        orders=orders,
        scans=scan_rows(latest_scans(list(by_id), now, LATEST), by_id),
        has_more_events=len(next_starts_at) > MAX_EVENTS,
    )


def load_lately(rows: Sequence[EventRow], powers: Powers, now: datetime) -> Lately:
    """The last 24 hours of some events."""
    event_ids = [row.event.id for row in rows]
    with_sales = [row.event.id for row in rows if powers.may(Action.SEE_SALES, row.event)]
    sales = run_verb(sales_since(event_ids, now - LATELY))
    money = sales if with_sales == event_ids else run_verb(sales_since(with_sales, now - LATELY))
    return Lately(
        orders=sum(each.orders for each in sales),
        tickets=sum(each.tickets for each in sales),
        admitted=admitted_since(event_ids, now - LATELY),
        held=sum(row.places.held for row in rows),
        sales=money if with_sales or not rows else None,
    )


def order_rows(orders: Sequence[Order], events: Mapping[int, Event]) -> list[OrderRow]:
    """Orders with their events."""
    return [OrderRow(each, events[each.event_id], short_name(each.name), tickets_in(each)) for each in orders]


def scan_rows(scans: Sequence[Scan], events: Mapping[int, Event]) -> list[ScanRow]:
    """Scans with their events and gates."""
    names = gate_names(sorted({scan.event_id for scan in scans}))
    return [
        ScanRow(
            scan, events[scan.event_id], names.get((scan.event_id, scan.gate_number), str(scan.gate_number))
        )
        for scan in scans
    ]


def short_name(name: str) -> str:
    """A buyer's name as it may stand on a screen that others see: `Amparo Guzmán` → `Amparo G.`."""
    given, *others = name.split() or [""]
    return f"{given} {others[-1][0]}." if others else given


def _next_events(shown: Q, now: datetime) -> dict[int, datetime | None]:
    """The events that come next with their next date; one more than is shown, to know whether there are more."""
    return dict(
        Event.objects.filter(shown)
        .exclude(status=EventStatus.DRAFT)
        .annotate(next_starts_at=Min("dates__starts_at", filter=Q(dates__ends_at__gt=now)))
        .order_by(F("next_starts_at").asc(nulls_last=True), "id")
        .values_list("id", "next_starts_at")[: MAX_EVENTS + 1]
    )


def _event_rows(next_starts_at: Mapping[int, datetime | None]) -> list[EventRow]:
    ids = list(next_starts_at)[:MAX_EVENTS]
    events = Event.objects.select_related("organizer", "venue").in_bulk(ids)
    stock = run_verb(stock_by_pool(ids))
    pool_sets: dict[int, list[list[int]]] = defaultdict(list)
    for event_id, pools in TicketType.objects.filter(event_id__in=ids).values_list("event_id", "pools"):
        pool_sets[event_id].append(pools)
    return [
        EventRow(events[id_], next_starts_at[id_], whole_stock(pool_sets[id_], stock.get(id_, {})))
        for id_ in ids
    ]
