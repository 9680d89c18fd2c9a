"""What the order form adds to numbers of tickets: seats and codes, and where a refusal about them is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext

from tmam.catalog.models import Date, Event, Kind
from tmam.catalog.rules import SaleState
from tmam.web.shop.code_choice import CodeChoice, code_choice
from tmam.web.shop.event_view import Look, TypeLine
from tmam.web.shop.refusal import Refusal
from tmam.web.shop.seat_choice import (
    Offered,
    SeatChoice,
    named_seats,
    offered_seats,
    seat_choice,
    typed_seats,
)
from tmam.web.shop.seat_words import seat_words

Problem = tuple[str, str]  # words and where they lead


def order_choices(
    look: Look, chosen: Date, state: SaleState, lines: Sequence[TypeLine], params: Mapping[str, str]
) -> dict[str, Any]:
    """The context of the form's seats and code; `types` and `can_buy_any` as they are with a code in mind."""
    code = code_choice(look, chosen, state, lines, params.get("code", ""))
    seats = seat_choice(look.event, chosen, lines, params)
    lines = seats.lines if seats else list(lines)
    if code.is_presale:
        lines = [
            line if line.type.ordinal in code.presale_types else replace(line, numbers=range(0))
            for line in lines
        ]
    can_buy_any = (state.is_open or code.is_presale) and any(line.can_buy for line in lines)
    return {
        "types": lines,
        "code": code,
        "can_buy_any": can_buy_any,
        "takes_less": params.get("take") == "what_is_left",
        "seats": seats if can_buy_any else None,
        "seat_script_words": json.dumps(_script_words(look.event), ensure_ascii=False) if seats else "",
    }


def refusal_context(
    refusal: Refusal | None, choices: Mapping[str, Any], params: Mapping[str, str], path: str, date: int
) -> dict[str, Any]:
    """Where a refusal is told: in the summary, and again at the seats or the code if it is about them."""
    if refusal is None:
        return {"problems": [], "seat_problem": "", "offered": None, "code_problem": ""}
    seats: SeatChoice | None = choices["seats"]
    code: CodeChoice = choices["code"]
    summary = refusal.summary
    offered: Offered | None = None
    target = refusal.target
    if seats:
        summary = " ".join(filter(None, (summary, _named(seats, params))))
        offered = offered_seats(seats, params, path, date)
        if typed_seats(params) and target.startswith("#quantity-"):
            target = "#seats"
    target = target or _first_field(choices["types"], by_seats=bool(seats))
    problems: list[Problem] = [(summary, target)]
    if offered:
        problems.append((offered.words, offered.href))
    return {
        "problems": problems,
        "seat_problem": summary if seats and target == "#seats" else "",
        "offered": offered,
        "code_problem": summary if code and target == "#code" else "",
    }


def _named(seats: SeatChoice, params: Mapping[str, str]) -> str:
    """The seats that the facts of a refusal name, in words."""
    plan = seats.kept.plan
    if taken := named_seats(plan, params.get("taken", "")):
        return gettext("Just taken: {seats}.").format(seats=seat_words(plan, taken))
    if alone := named_seats(plan, params.get("alone", "")):
        return gettext("It would leave alone: {seats}.").format(seats=seat_words(plan, alone))
    return ""


def _first_field(lines: Sequence[TypeLine], *, by_seats: bool) -> str:
    """Where a choice begins: at the seats, unless numbers of tickets were typed."""
    if by_seats and not any(line.typed for line in lines):
        return "#seats"
    return next((line.anchor for line in lines if line.can_buy), "")


def _script_words(event: Event) -> dict[str, str]:
    """The sentences that the plan's script fills in."""
    return {
        "stage": gettext("Screen") if event.kind == Kind.CINEMA else gettext("Stage"),
        "name": gettext("{block} · row {row} · {seats}").replace("{seats}", gettext("seat {seat}")),
        "row": gettext("Row {row}"),
        "free": gettext("free"),
        "taken": gettext("taken"),
        "yours": gettext("yours"),
        "wheelchair": gettext("wheelchair place"),
        "count": gettext("{count} free"),
        "from": gettext("from {price}"),
        "sections": gettext("Sections"),
        "remove": gettext("Remove {seat}"),
        "type": gettext("Ticket type for {seat}"),
        "most": gettext("You can choose at most {most} of these seats in one order."),
        "gone": gettext("Just taken by somebody else: {seats}."),
        "instead": gettext("Take {seats} instead"),
        "chosen": gettext("{seat}: chosen"),
        "left_out": gettext("{seat}: no longer chosen"),
        "failed": gettext(
            "The plan cannot be shown now. We choose the best seats for you, or pick from the list."
        ),
    }
