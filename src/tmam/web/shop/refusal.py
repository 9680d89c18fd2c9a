"""Why a reservation was refused, as the event page tells it: `?problem=CODE&<facts>` from the hot shell.

The address may have been written by anybody, so nothing of it is shown but whole numbers and moments, in
sentences of our own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from tmam.kernel.locales import format_locale
from tmam.kernel.zones import zone_short_name
from tmam.platform.error_words import Facts, known_codes, page_words

QUANTITY = re.compile(r"quantity-([0-9]{1,5})")
_NUMBER = re.compile(r"[0-9]{1,6}")
_TARGETS = {
    "inventory.seats_taken": "#seats",
    "inventory.single_seat_left": "#seats",
    "inventory.no_such_seat": "#seats",
    "inventory.code_unknown": "#code",
    "inventory.code_used_up": "#code",
    "inventory.code_needed": "#code",
}
_SHOWN = ("inventory.", "platform.busy", "platform.bad_request", "platform.cross_site")


@dataclass(frozen=True)
class Refusal:
    """The words of a refusal, and the field (`#id`) where it can be put right, if there is one."""

    code: str
    title: str
    summary: str
    advice: str
    target: str


def read_refusal(params: Mapping[str, str], language: str, time_zone: str) -> Refusal | None:
    """The refusal an address tells of, or None. Moments are shown on the clock of the place."""
    code = params.get("problem", "")
    if not code.startswith(_SHOWN) or code not in known_codes():
        return None
    words = page_words(code, language)
    facts = Facts({name: _fact(value, language, time_zone) for name, value in params.items()}, language)
    type_ = params.get("ticket_type", "")
    return Refusal(
        code=code,
        title=words.title,
        summary=words.summary.format_map(facts),
        advice=words.advice.format_map(facts),
        target=_TARGETS.get(code) or (f"#quantity-{type_}" if _NUMBER.fullmatch(type_) else ""),
    )


def typed_quantities(params: Mapping[str, str]) -> dict[int, int]:
    """The quantities that came back with a refusal (ticket type → number); what is no number is left out."""
    found: dict[int, int] = {}
    for name, value in params.items():
        match = QUANTITY.fullmatch(name)
        if match and re.fullmatch(r"[0-9]{1,4}", value):
            found[int(match[1])] = int(value)
    return found


def _fact(value: str, language: str, time_zone: str) -> str:
    if _NUMBER.fullmatch(value):
        return value
    try:
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            return "…"
        local = at.astimezone(ZoneInfo(time_zone))
    except (ValueError, OverflowError):  # overflow: on the other clock, the year would be 0 or 10000
        return "…"
    written = format_datetime(local, "EEE, d MMM yyyy, HH:mm", locale=format_locale(language))
    return f"{written} {zone_short_name(local)}"
