"""What the gate's pages show: events to scan for, progress, a booking's tickets, scanners in use."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext

from tmam.catalog.models import Date, Event, EventStatus
from tmam.catalog.when import first_and_last_day, is_span
from tmam.gates.models import Device, Gate
from tmam.gates.rules import date_window
from tmam.organizers.permissions import Action, powers_of
from tmam.platform.statements import Row, Verb, statement
from tmam.tickets.holders import opened_names

if TYPE_CHECKING:
    from tmam.accounts.models import User

MAX_EVENTS: Final = 200
# A showing that ended is still offered for a while: the last guests, and the count at the end.
RECENTLY: Final = timedelta(hours=6)

_TICKETS_OF_ORDER = statement("tmam.gates", "tickets_of_order")
_ENTRY_PROGRESS = statement("tmam.gates", "entry_progress")


@dataclass(frozen=True)
class EventToScan:
    """An event with its next date and whether one is today, on the clock of the place."""

    event: Event
    next_date: Date
    is_today: bool


@dataclass(frozen=True)
class ListedTicket:
    """One line of a booking's list; `used_at` and `used_gate` if somebody already entered with it. `pattern`: of a trip."""

    serial: int
    state: str
    date_ordinal: int
    holder_name: str
    place_label: str
    ticket_type: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    pattern: int | None
    used_at: datetime | None
    used_gate: str


def events_to_scan(person: User, now: datetime) -> list[EventToScan]:
    """The events this person may scan for, the ones on today first, then by their next date."""
    dates = (
        Date.objects.filter(
            powers_of(person).events_where(Action.SCAN, "event__"),
            event__status__in=(EventStatus.ON_SALE, EventStatus.CANCELLED),
            ends_at__gt=now - RECENTLY,
        )
        .select_related("event__venue", "event__organizer")
        .order_by("event_id", "starts_at")
        .distinct("event_id")
    )
    found = [EventToScan(date.event, date, is_on_day(date, now)) for date in dates]
    return sorted(found, key=lambda each: (not each.is_today, each.next_date.starts_at))[:MAX_EVENTS]


def dates_to_scan(event_id: int, now: datetime) -> QuerySet[Date]:
    """The dates of an event that are not long over, soonest first, the first hundred."""
    return Date.objects.filter(event_id=event_id, ends_at__gt=now - RECENTLY).order_by("starts_at")[:100]


def dates_of_today(event_id: int, now: datetime) -> list[int]:
    """The ordinals of the dates that are on today or open at the moment."""
    nearby = Date.objects.filter(
        event_id=event_id, starts_at__lt=now + timedelta(days=2), ends_at__gt=now - timedelta(days=2)
    )
    return [date.ordinal for date in nearby if is_on_day(date, now) or is_open(date, now)]


def is_on_day(date: Date, now: datetime) -> bool:
    """Whether the date starts on the present day of its place; of one that lasts for days, whether it is one of them."""
    first, last = first_and_last_day(date)
    return first <= now.astimezone(ZoneInfo(date.time_zone)).date() <= (last if is_span(date) else first)


def is_open(date: Date, now: datetime) -> bool:
    """Whether the date lets people in at this moment."""
    opens_at, closes_at = date_window(date.starts_at, date.ends_at, date.doors_at)
    return opens_at <= now < closes_at


def gates_of(event_id: int) -> list[Gate]:
    """The event's gates, in their order. Until it has any: one that is not saved, a main entrance."""
    return list(Gate.objects.filter(event_id=event_id).order_by("number")) or [_first_gate(event_id)]


def devices_in_use(person: User, event_ids: Sequence[int]) -> QuerySet[Device]:
    """The scanners of these events whose keys are live, newest first, the first hundred."""
    theirs = Event.objects.filter(powers_of(person).events_where(Action.SCAN), id__in=event_ids)
    return (
        Device.objects.filter(event_id__in=theirs.values("id"), revoked_at=None, steward__isnull=False)
        .select_related("steward")
        .order_by("-made_at")[:100]
    )


def entry_progress(event_id: int, date_ordinals: Sequence[int]) -> Verb[tuple[int, int]]:
    """How many have entered, of how many valid tickets, on these dates."""
    rows = yield _ENTRY_PROGRESS, (event_id, list(date_ordinals))
    ((admitted, valid),) = rows
    return admitted, valid


def tickets_of_order(event_id: int, order_id: UUID) -> Verb[list[ListedTicket]]:
    """An order's tickets by serial, the first two hundred."""
    rows = yield _TICKETS_OF_ORDER, (event_id, order_id)
    names = yield from opened_names(event_id, [(row[0], row[3]) for row in rows])
    return [_listed(row, name) for row, name in zip(rows, names, strict=True)]


def _first_gate(event_id: int) -> Gate:
    # The name is kept and shown to everybody: it must not depend on who happens to look first.
    with translation.override(settings.LANGUAGE_CODE):
        return Gate(event_id=event_id, number=1, name=gettext("Main entrance"))


def _listed(row: Row, holder_name: str) -> ListedTicket:
    serial, state, date_ordinal, _sealed, place_label, ticket_type, *when = row
    name = json.loads(ticket_type or "{}")
    return ListedTicket(serial, state, date_ordinal, holder_name, place_label, name, *when)
