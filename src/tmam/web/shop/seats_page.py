"""`/{language}/e/{event}-{slug}/seats/`: the free seats of a date as a list, to pick them by name without a plan."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from tmam.catalog.models import Date, Event, TicketType
from tmam.catalog.queries import date_of, public_event
from tmam.catalog.rules import SalesWindow, sale_state
from tmam.inventory.queries import taken_seats
from tmam.inventory.seat_plans import Plan, PlanSeat
from tmam.platform.errors import NotFoundError
from tmam.platform.statements import run_verb
from tmam.web.public import public_page
from tmam.web.shop.addresses import event_path
from tmam.web.shop.answers import with_etag
from tmam.web.shop.code_choice import opened_early
from tmam.web.shop.plan_shelf import kept_plan

SEATS_PER_PAGE = 300
_NUMBER = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True)
class FreeRow:
    """The free seats of one row, in order."""

    block: int
    row: int
    label: str
    seats: list[PlanSeat]


@dataclass(frozen=True)
class Choice:
    """One of several things to look at, with its address."""

    words: str
    free: int
    query: str
    is_current: bool


@public_page
def seats_page(request: HttpRequest, language: str, event_id: int, slug: str) -> HttpResponse:
    """Free seats of `?date=`, by ticket type (`type`), section and, in large sections, some rows (`page`).

    Where there is nothing to pick, the event's own page says why: it leads there.

    Raises:
        NotFoundError: no such event or date, or a draft.
    """
    event = public_event(event_id)
    date = date_of(event_id, _number(request.GET.get("date", ""))) if event else None
    if event is None or date is None:
        raise NotFoundError
    if slug != event.slug:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{event_path(language, event.id, event.slug)}seats/?{query}")
    types = _types_on_sale(event, date)
    if not types or event.seat_plan_id is None:
        return HttpResponseRedirect(event_path(language, event.id, event.slug, date.ordinal) + "#order")
    plan = kept_plan(event.seat_plan_id).plan
    taken = int.from_bytes(run_verb(taken_seats(event.id, date.ordinal, range(1))), "little")
    context = _choices(plan, plan.in_order(taken), types, date.ordinal, request)
    context |= {
        "event": event,
        "chosen": date,
        "path": event_path(language, event.id, event.slug),
        "back": event_path(language, event.id, event.slug, date.ordinal) + "#order",
    }
    return with_etag(request, render(request, "shop/seats.html", context))


def _types_on_sale(event: Event, date: Date) -> list[TicketType]:
    """The seated types that can be bought now, with a code or without."""
    now = timezone.now()
    window = SalesWindow(event.status, date.is_cancelled, date.sales_start_at, date.sales_end_at)
    types = [
        type_
        for type_ in event.ticket_types.order_by("ordinal")
        if type_.is_seated and (not type_.dates or date.ordinal in type_.dates)
    ]
    if date.pattern is not None:
        return []
    if sale_state(window, 1, 1, now).is_open:
        return types
    opened = opened_early(event, date, now)
    return [type_ for type_ in types if any(not only or type_.ordinal in only for only in opened)]


def _choices(
    plan: Plan, taken: int, types: Sequence[TicketType], date: int, request: HttpRequest
) -> dict[str, Any]:
    asked_type = _number(request.GET.get("type", ""))
    type_ = next((each for each in types if each.ordinal == asked_type), types[0])
    rows = list(_free_rows(plan, plan.pool(type_.pools[0]) & ~taken))
    blocks = {row.block: row.seats[0].block_label for row in rows}
    asked_block = _number(request.GET.get("section", ""))
    block = asked_block if asked_block in blocks else next(iter(blocks), 0)
    pages = _pages([row for row in rows if row.block == block])
    page = min(_number(request.GET.get("page", "")), max(len(pages) - 1, 0))
    base = f"?date={date}&type={type_.ordinal}"
    return {
        "type": type_,
        "types": [
            (each, f"?date={date}&type={each.ordinal}&section={block}", each == type_) for each in types
        ],
        "sections": [
            Choice(label, _count(rows, number), f"{base}&section={number}", number == block)
            for number, label in blocks.items()
        ],
        "pages": [
            Choice(
                f"{each[0].label}–{each[-1].label}" if len(each) > 1 else each[0].label,
                sum(len(row.seats) for row in each),
                f"{base}&section={block}&page={number}",
                number == page,
            )
            for number, each in enumerate(pages)
        ],
        "section_label": blocks.get(block, ""),
        "rows": pages[page] if pages else [],
    }


def _free_rows(plan: Plan, free: int) -> Iterable[FreeRow]:
    bits = f"{free:b}"[::-1]  # asking a whole number for each of its bits would copy it every time
    seats = (seat for seat, bit in zip(plan.seats, bits, strict=False) if bit == "1")
    for (block, row), group in itertools.groupby(seats, lambda seat: (seat.block, seat.row)):
        found = list(group)
        yield FreeRow(block, row, found[0].row_label, found)


def _pages(rows: Sequence[FreeRow]) -> list[list[FreeRow]]:
    """Rows in groups of about as many seats as one page takes."""
    pages: list[list[FreeRow]] = []
    count = SEATS_PER_PAGE
    for row in rows:
        if count + len(row.seats) > SEATS_PER_PAGE:
            pages.append([])
            count = 0
        pages[-1].append(row)
        count += len(row.seats)
    return pages


def _count(rows: Sequence[FreeRow], block: int) -> int:
    return sum(len(row.seats) for row in rows if row.block == block)


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else 0
