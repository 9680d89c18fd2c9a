"""What of a line's trips is new, changed or gone, compared with the catalogue: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from tmam.timetables.lines import Trip


class KnownTrip(NamedTuple):
    """A trip of the catalogue, in the order of `sql/line_dates.sql`."""

    ordinal: int
    key: str
    starts_at: datetime
    ends_at: datetime
    pattern: int
    code: str
    is_cancelled: bool


@dataclass
class Changes:
    """`new` and `changed` go with their ordinals; `gone` are trips that the timetable no longer has.

    `unchanged` are the keys by ordinal.
    """

    new: list[tuple[int, Trip]] = field(default_factory=list)
    changed: list[tuple[int, Trip]] = field(default_factory=list)
    gone: list[KnownTrip] = field(default_factory=list)
    unchanged: dict[int, str] = field(default_factory=dict)


def compare(
    trips: Sequence[Trip],
    known: Iterable[KnownTrip],
    pattern_numbers: Mapping[object, int],
    *,
    next_ordinal: int,
    unread: frozenset[str],
    now: datetime,
) -> Changes:
    """Compare trips with the known ones of the same days. Gone trips that have left already are history and stay."""
    changes = Changes()
    left = {each.key: each for each in known}
    for trip in trips:
        before = left.pop(trip.key, None)
        if before is None:
            changes.new.append((next_ordinal, trip))
            next_ordinal += 1
        elif before.is_cancelled or _facts(before) != (
            trip.starts_at,
            ends_at(trip),
            pattern_numbers.get(trip.pattern),
            trip.code,
        ):
            changes.changed.append((before.ordinal, trip))
        else:
            changes.unchanged[before.ordinal] = before.key
    changes.gone = [
        each
        for each in left.values()
        if not each.is_cancelled and each.starts_at > now and trip_id(each.key) not in unread
    ]
    return changes


def trip_id(key: str) -> str:
    """The timetable's name of a trip, from its key."""
    return key.partition("|")[2].rpartition("@")[0] or key.partition("|")[2]


def service_day(key: str) -> str:
    """The service day of a trip, from its key."""
    return key.partition("|")[0]


def ends_at(trip: Trip) -> datetime:
    """When a trip reaches its last stop."""
    return trip.starts_at + timedelta(seconds=trip.pattern.arrival_s[-1])


def _facts(known: KnownTrip) -> tuple[datetime, datetime, int | None, str]:
    return known.starts_at, known.ends_at, known.pattern, known.code
