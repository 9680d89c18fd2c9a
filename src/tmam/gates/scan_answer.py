"""What a scanner shows: the outcome of an attempt in words, on the clock of the place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date, format_time

from tmam.gates.attempts import Outcome
from tmam.gates.errors import TicketReplacedError
from tmam.gates.rules import ADMITTED
from tmam.kernel.locales import format_locale
from tmam.kernel.texts import in_language
from tmam.platform.error_words import Facts, page_words


class ScanAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON of an answered scan.

    `verdict` is admit, already_used or refuse; `code` is `gates.admitted` or an error code with a help page at
    `help`; `live` says that the code proved its moment (no picture of a screen); `title` and `summary` are that page's words, empty for an admission. `facts` are the error's fields
    for machines. `time` is `at` on the clock of the place. `remark` is a word of
    `tickets.mark_tickets` that the steward should hear of, though it refuses nobody. Holder, type, place and entrance are empty when the ticket is not known or no longer the guest's.
    """

    verdict: str
    code: str
    at: datetime
    scan_id: UUID
    gate: str
    is_repeat: bool
    time: str
    live: bool = False
    title: str = ""
    summary: str = ""
    help: str = ""
    facts: dict[str, object] = {}
    serial: int | None = None
    date: int | None = None
    booking_reference: str = ""
    holder_name: str = ""
    ticket_type: str = ""
    place: str = ""
    starts: str = ""
    entrance: str = ""
    remark: str = ""


def scan_answer(outcome: Outcome, *, gate: str, language: str, time_zone: str, now: datetime) -> ScanAnswer:
    """Put an outcome into the words of a language. `time_zone` is the gate's; a known ticket brings its own."""
    error, ticket = outcome.error, outcome.ticket
    time_zone = ticket.time_zone if ticket else time_zone
    said: dict[str, object] = {}
    if error is not None:
        words = page_words(error.code, language)
        spoken = {name: speakable(fact, language, time_zone, now) for name, fact in error.facts().items()}
        said = {
            "title": words.title,
            "summary": words.summary.format_map(Facts(spoken, language)),
            "help": f"/{language}/help/errors/{error.code}/",
            "facts": error.facts(),
        }
    if ticket is not None and not isinstance(error, TicketReplacedError):
        said |= {
            "serial": ticket.serial,
            "date": ticket.date_ordinal,
            "booking_reference": ticket.booking_reference,
            "holder_name": ticket.holder_name,
            "ticket_type": in_language(ticket.ticket_type, language),
            "place": ticket.place_label,
            "starts": local_moment(ticket.starts_at, language, time_zone, now),
            "entrance": in_language(ticket.entrance, language),
            "remark": ticket.remark,
        }
    return ScanAnswer(
        verdict=outcome.verdict.value,
        code=error.code if error else ADMITTED,
        at=outcome.at,
        scan_id=outcome.scan_id,
        gate=gate,
        is_repeat=outcome.is_repeat,
        live=outcome.is_live,
        time=local_moment(outcome.at, language, time_zone, now),
        **said,  # type: ignore[arg-type]  # optional fields by name
    )


def speakable(fact: object, language: str, time_zone: str, now: datetime) -> object:
    """A fact as a person reads it: instants on the clock of the place, texts in the reader's language."""
    if isinstance(fact, datetime):
        return local_moment(fact, language, time_zone, now)
    if isinstance(fact, Mapping):
        return in_language(fact, language)
    return fact


def local_moment(at: datetime, language: str, time_zone: str, now: datetime) -> str:
    """The time of day, after the day if that is not today: `18:42`, `Sat 5 Dec, 18:42`."""
    zone = ZoneInfo(time_zone)
    local = at.astimezone(zone)
    time = format_time(local, format="short", locale=format_locale(language))
    if local.date() == now.astimezone(zone).date():
        return time
    day = format_date(local.date(), format="EEE d MMM", locale=format_locale(language))
    return f"{day}, {time}"
