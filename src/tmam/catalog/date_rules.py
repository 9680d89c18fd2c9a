"""When a date may take place: what is asked of new times. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tmam.catalog.models import Date

LONGEST: Final = timedelta(days=31)
EARLIEST_DOORS: Final = timedelta(hours=24)
FARTHEST: Final = timedelta(days=5 * 366)
ENTRANCE_CHARS: Final = 60
# A ticket may be used from a while before the doors (a gate that opens early) until its date is over.
EARLIEST_ENTRY: Final = timedelta(hours=3)


@dataclass(frozen=True)
class DateTimes:
    """What can be changed of a date: aware instants, and by language where to go in."""

    starts_at: datetime
    ends_at: datetime
    doors_at: datetime | None = None
    entrance: Mapping[str, str] = field(default_factory=dict)


class Problem(StrEnum):
    """What is wrong with new times."""

    STARTS_IN_THE_PAST = "starts_in_the_past"
    STARTS_TOO_FAR = "starts_too_far"
    ENDS_BEFORE_START = "ends_before_start"
    ENDS_IN_THE_PAST = "ends_in_the_past"
    TOO_LONG = "too_long"
    DOORS_AFTER_START = "doors_after_start"
    DOORS_TOO_EARLY = "doors_too_early"
    ENTRANCE_TOO_LONG = "entrance_too_long"


# The field of `DateTimes` that each problem is about.
FIELD_OF: Final[Mapping[Problem, str]] = {
    Problem.STARTS_IN_THE_PAST: "starts_at",
    Problem.STARTS_TOO_FAR: "starts_at",
    Problem.ENDS_BEFORE_START: "ends_at",
    Problem.ENDS_IN_THE_PAST: "ends_at",
    Problem.TOO_LONG: "ends_at",
    Problem.DOORS_AFTER_START: "doors_at",
    Problem.DOORS_TOO_EARLY: "doors_at",
    Problem.ENTRANCE_TOO_LONG: "entrance",
}


def admission(date: Date, valid_from: datetime, valid_until: datetime) -> tuple[datetime, datetime]:
    """From when until when a ticket is good: its own validity, or its date's if that was changed since it went on sale.

    For whoever writes it down elsewhere (wallets); gates ask `gates.rules.entry_window`.
    """
    if date.revision == 0:
        return valid_from, valid_until
    return (date.doors_at or date.starts_at) - EARLIEST_ENTRY, date.ends_at


def problems_of(wanted: DateTimes, now: datetime, *, starts_at: datetime) -> list[Problem]:
    """Everything wrong with new times; `starts_at` is the start so far, which may lie back: the date has begun.

    Spans are compared, not moments moved: the calendar ends in the years 1 and 9999, and people type either.
    """
    start, end, doors = wanted.starts_at, wanted.ends_at, wanted.doors_at
    findings = (
        (start <= now and start != starts_at, Problem.STARTS_IN_THE_PAST),
        (start - now > FARTHEST, Problem.STARTS_TOO_FAR),
        (end <= start, Problem.ENDS_BEFORE_START),
        (end > start and end <= now, Problem.ENDS_IN_THE_PAST),
        (end - start > LONGEST, Problem.TOO_LONG),
        (doors is not None and doors > start, Problem.DOORS_AFTER_START),
        (doors is not None and start - doors > EARLIEST_DOORS, Problem.DOORS_TOO_EARLY),
        (
            any(len(words) > ENTRANCE_CHARS for words in wanted.entrance.values()),
            Problem.ENTRANCE_TOO_LONG,
        ),
    )
    return [problem for is_so, problem in findings if is_so]
