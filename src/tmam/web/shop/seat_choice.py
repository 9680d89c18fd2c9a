"""Numbered seats on the order form: the plan, sections to wish for, and seats that an address has picked already."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.utils.translation import gettext

from tmam.catalog.models import Date, Event, TicketType
from tmam.inventory.seat_plans import Plan
from tmam.web.shop.event_view import TypeLine
from tmam.web.shop.plan_shelf import KeptPlan, Section, kept_plan
from tmam.web.shop.seat_words import seat_words

CATEGORY_COLOURS = 6
MOST_SEATS = 50
_SEAT = re.compile(r"seat-([0-9]{1,6})")
_NUMBER = re.compile(r"[0-9]{1,6}")
_NUMBERS = re.compile(r"[0-9]{1,6}(?:,[0-9]{1,6}){0,49}")


@dataclass(frozen=True)
class Seating:
    """What a seated ticket type offers besides a number. `category`: its price category's colour, from 1."""

    pool: int
    category: int
    sections: Sequence[Section]
    accessible: int
    section: int | None
    typed_accessible: int


@dataclass(frozen=True)
class PickedSeat:
    """A seat that is chosen, as a field of the form."""

    number: int
    type: TicketType
    words: str


@dataclass(frozen=True)
class Offered:
    """Seats that may be taken instead of those refused, one tap away."""

    words: str
    href: str


@dataclass(frozen=True)
class SeatChoice:
    """Everything about seats that the order form shows."""

    kept: KeptPlan
    lines: list[TypeLine]
    picked: list[PickedSeat]


def seat_choice(
    event: Event, chosen: Date, lines: Sequence[TypeLine], params: Mapping[str, str]
) -> SeatChoice | None:
    """The seats of a date; None where none are numbered, and on trips, whose seats depend on the stretch."""
    if event.seat_plan_id is None or chosen.pattern is not None:
        return None
    if not any(line.type.is_seated for line in lines):
        return None
    kept = kept_plan(event.seat_plan_id)
    pools = sorted({line.type.pools[0] for line in lines if line.type.is_seated})
    seated = [
        replace(line, seating=_seating(kept, line.type, pools, params)) if line.type.is_seated else line
        for line in lines
    ]
    types = {line.type.ordinal: line.type for line in lines if line.type.is_seated}
    return SeatChoice(kept, seated, picked_seats(kept.plan, types, params))


def picked_seats(plan: Plan, types: Mapping[int, TicketType], params: Mapping[str, str]) -> list[PickedSeat]:
    """The seats an address names (`seat-17=2`), those that exist and are sold as that type, in the plan's order."""
    picked = []
    for number, ordinal in typed_seats(params).items():
        seat, type_ = plan.by_number.get(number), types.get(ordinal)
        if seat is not None and type_ is not None and seat.pool == type_.pools[0]:
            picked.append(PickedSeat(number, type_, seat_words(plan, [number])))
    return sorted(picked, key=lambda each: plan.place_of[each.number])


def typed_seats(params: Mapping[str, str]) -> dict[int, int]:
    """Seat → ticket type, as the form names them; what is no number is left out."""
    found: dict[int, int] = {}
    for name, value in params.items():
        match = _SEAT.fullmatch(name)
        if match and _NUMBER.fullmatch(value) and len(found) < MOST_SEATS:
            found[int(match[1])] = int(value)
    return found


def named_seats(plan: Plan, text: str) -> list[int]:
    """The seats of a fact such as `taken=3,4` that the plan has."""
    if not _NUMBERS.fullmatch(text):
        return []
    return [number for number in map(int, text.split(",")) if number in plan.by_number]


def offered_seats(choice: SeatChoice, params: Mapping[str, str], path: str, date: int) -> Offered | None:
    """The alternative that a refusal offers: a link that picks it in place of what was refused."""
    alternative = named_seats(choice.kept.plan, params.get("alternative", ""))
    if not alternative:
        return None
    refused = _refused_line(choice, alternative, named_seats(choice.kept.plan, params.get("taken", "")))
    if refused is None:
        return None
    seats = {each.number: each.type.ordinal for each in choice.picked if each.type.ordinal != refused}
    seats |= dict.fromkeys(alternative, refused)
    query = {"date": date, **{f"seat-{number}": type_ for number, type_ in sorted(seats.items())}}
    words = gettext("Take {seats} instead").format(seats=seat_words(choice.kept.plan, alternative))
    kept = {
        name: value
        for name, value in params.items()
        if name.startswith("quantity-") and _NUMBER.fullmatch(value)
    }
    if code := params.get("code", "").strip()[:40]:
        kept["code"] = code
    return Offered(words, f"{path}?{urlencode(query | kept)}#order")


def _refused_line(choice: SeatChoice, alternative: Sequence[int], taken: Iterable[int]) -> int | None:
    """The ticket type whose seats were refused: as many as are offered, in their price category."""
    pool = choice.kept.plan.by_number[alternative[0]].pool
    by_type: dict[int, list[int]] = defaultdict(list)
    for each in choice.picked:
        if each.type.pools[0] == pool:
            by_type[each.type.ordinal].append(each.number)
    gone = set(taken)
    for ordinal, numbers in by_type.items():
        if len(numbers) == len(alternative) and (not gone or gone & set(numbers)):
            return ordinal
    return None


def _seating(kept: KeptPlan, type_: TicketType, pools: Sequence[int], params: Mapping[str, str]) -> Seating:
    pool = type_.pools[0]
    sections = [section for section in kept.sections if pool in section.seats_by_pool]
    asked = params.get(f"section-{type_.ordinal}", "")
    blocks = {section.block for section in sections}
    section = int(asked) if _NUMBER.fullmatch(asked) and int(asked) in blocks else None
    accessible = (kept.plan.accessible & kept.plan.pool(pool)).bit_count()
    typed = params.get(f"accessible-{type_.ordinal}", "")
    return Seating(
        pool=pool,
        category=pools.index(pool) % CATEGORY_COLOURS + 1,
        sections=sections if len(sections) > 1 else [],
        accessible=min(accessible, type_.max_per_order),
        section=section,
        typed_accessible=min(int(typed), accessible) if _NUMBER.fullmatch(typed) else 0,
    )
