"""What the studio shows of one event: dates, ticket types, gates, places reserved now, newest orders and scans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings

from tmam.catalog.models import Date, Event, TicketType
from tmam.catalog.rules import SaleState, SalesWindow, sale_state
from tmam.fulfilment.download_share import download_share
from tmam.fulfilment.wallet.queries import ChangedInPhone, changed_in_phones
from tmam.gates.entries import GateEntries, entries_by_gate, latest_scans
from tmam.inventory.models import Hold
from tmam.inventory.queries import Places, places_by_pool
from tmam.inventory.stock import whole_stock
from tmam.notifications.queries import reminded_of
from tmam.orders.sales import TypeSales, latest_orders, sales_by_type
from tmam.organizers.permissions import Action, Powers
from tmam.platform.statements import run_verb
from tmam.web.studio.downloads import ShownShare, shown_share
from tmam.web.studio.overview import (
    LATEST,
    EventRow,
    Lately,
    OrderRow,
    ScanRow,
    load_lately,
    order_rows,
    scan_rows,
)

MAX_DATES: Final = 60
MAX_HOLDS: Final = 20


@dataclass(frozen=True)
class DateRow:
    """One date of the list with its places and what a buyer can do about it now."""

    date: Date
    places: Places
    state: SaleState


@dataclass(frozen=True)
class TypeRow:
    """One ticket type with what was sold of it."""

    type: TicketType
    sales: TypeSales


@dataclass(frozen=True)
class HoldRow:
    """Places somebody has reserved and not yet paid."""

    tickets: int
    held_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class EventFigures:
    """Everything on `/studio/events/{id}/`. `hidden_dates`: how many dates the list leaves out."""

    now: datetime
    event: Event
    places: Places
    lately: Lately
    dates: Sequence[DateRow]
    hidden_dates: int
    types: Sequence[TypeRow]
    gates: Sequence[GateEntries]
    holds: Sequence[HoldRow]
    orders: Sequence[OrderRow] | None
    scans: Sequence[ScanRow]
    downloads: ShownShare
    reminded: int
    reminds: bool
    changed_in_phones: Sequence[ChangedInPhone] = ()

    @property
    def admitted(self) -> int:
        """How many were let in, all dates together."""
        return sum(gate.admitted for gate in self.gates)


def load_event_figures(event: Event, powers: Powers, now: datetime) -> EventFigures:
    """All figures of one event, as far as one may see them."""
    types = list(TicketType.objects.filter(event_id=event.id).order_by("ordinal"))
    by_date: dict[int, dict[int, Places]] = defaultdict(dict)
    for (ordinal, pool), places in run_verb(places_by_pool(event.id)).items():
        by_date[ordinal][pool] = places
    whole = {ordinal: _date_places(types, ordinal, pools) for ordinal, pools in by_date.items()}
    total = Places(
        sum(places.capacity for places in whole.values()),
        sum(places.held for places in whole.values()),
        sum(places.sold for places in whole.values()),
    )
    upcoming = Date.objects.filter(event_id=event.id, ends_at__gt=now).order_by("starts_at", "ordinal")
    dates = list(upcoming[:MAX_DATES])
    sales = sales_by_type(event.id)
    return EventFigures(
        now=now,
        event=event,
        places=total,
        lately=load_lately([EventRow(event, None, total)], powers, now),
        dates=[_date_row(event, date, whole.get(date.ordinal, Places(0, 0, 0)), now) for date in dates],
        hidden_dates=upcoming.count() - len(dates) if len(dates) == MAX_DATES else 0,
        types=[TypeRow(type_, sales.get(type_.ordinal, TypeSales(type_.ordinal, 0, 0))) for type_ in types],
        gates=entries_by_gate(event.id),
        holds=_live_holds(event.id, now),
        orders=_orders(event, now) if powers.may(Action.SEE_ORDERS, event) else None,
        downloads=shown_share(run_verb(download_share(event.id))),
        reminded=reminded_of(event.id),
        reminds=settings.TMAM.reminder_hours > 0 and any(date.starts_at > now for date in dates),
        changed_in_phones=changed_in_phones(event.id) if powers.may(Action.SEE_ORDERS, event) else (),
        scans=scan_rows(latest_scans([event.id], now, LATEST), {event.id: event}),
    )


def _date_places(types: Sequence[TicketType], ordinal: int, pools: dict[int, Places]) -> Places:
    return whole_stock([type_.pools for type_ in types if not type_.dates or ordinal in type_.dates], pools)


def _date_row(event: Event, date: Date, places: Places, now: datetime) -> DateRow:
    window = SalesWindow(event.status, date.is_cancelled, date.sales_start_at, date.sales_end_at)
    return DateRow(date, places, sale_state(window, places.capacity, places.free, now))


def _orders(event: Event, now: datetime) -> list[OrderRow]:
    return order_rows(latest_orders([event.id], now, LATEST), {event.id: event})


def _live_holds(event_id: int, now: datetime) -> list[HoldRow]:
    """The reservations that run out first."""
    holds = Hold.objects.filter(event_id=event_id, state="held", expires_at__gt=now).order_by("expires_at")
    return [
        HoldRow(sum(line["quantity"] for line in hold.lines), hold.held_at, hold.expires_at)
        for hold in holds[:MAX_HOLDS]
    ]
