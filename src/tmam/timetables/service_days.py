"""On which days a trip runs and at which instant: the clock rules of timetables, pure.

Times of a timetable count from "noon minus 12 hours" of the service day, which is midnight except on days when the
clocks change (https://gtfs.org/documentation/schedule/reference/#field-types). So 25:30:00 is half past one of the
next day, and a trip takes as long as it says whatever the clocks do meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_TIME = re.compile(r"([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])")
HOURS_MAX = 240  # ten days on one train; more is a slip of the pen


def parse_time(text: str) -> int | None:
    """Seconds since noon minus 12 hours of `H:MM:SS`, hours beyond 24 allowed; None for what is no such time."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = (int(part) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds if hours <= HOURS_MAX else None


def parse_day(text: str) -> date | None:
    """A day as GTFS writes it (`20261231`), or None."""
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Noon minus 12 hours of a service day, in UTC."""
    noon = datetime.combine(day, time(12), tzinfo=zone)
    return noon.astimezone(UTC) - timedelta(hours=12)


@dataclass
class Service:
    """When a kind of day runs: by weekday (0 Monday) from `first` to `last`, with days added and taken away."""

    weekdays: frozenset[int] = frozenset()
    first: date = date.max
    last: date = date.min
    added: set[date] = field(default_factory=set)
    removed: set[date] = field(default_factory=set)

    def days(self, window: Iterable[date]) -> Iterator[date]:
        """The days of a window on which it runs."""
        for day in window:
            is_regular = self.first <= day <= self.last and day.weekday() in self.weekdays
            if day in self.added or (is_regular and day not in self.removed):
                yield day


def window_of(first: date, days: int) -> list[date]:
    """So many days from the first."""
    return [first + timedelta(days=number) for number in range(days)]
