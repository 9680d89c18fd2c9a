"""A trip as one passenger sees it: from where to where, leaving and arriving when, on each station's clock."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from tmam.catalog.models import Date, Venue
from tmam.catalog.stop_patterns import StopPattern

# event, date ordinal, from stop, to stop
StretchKey = tuple[int, int, int, int]


@dataclass(frozen=True)
class Stretch:
    """The stretch of a trip that a ticket is for. Shown in words, it names its two stations."""

    origin: Venue
    destination: Venue
    arrives_at: datetime
    code: str

    def __str__(self) -> str:
        return f"{self.origin.name} → {self.destination.name}"


def stretch_dates(wanted: Iterable[tuple[Date, int, int]]) -> dict[StretchKey, Date]:
    """Copies of trips that tell of a stretch each: they start with its departure, end with its arrival.

    Their `stretch` has the stations; what names stops that the trip has not is left out. Two reads, or none.
    """
    trips = [each for each in wanted if each[0].pattern is not None]
    if not trips:
        return {}
    patterns = {
        (row.event_id, row.ordinal): row
        for row in StopPattern.objects.filter(
            event_id__in={date.event_id for date, _, _ in trips},
            ordinal__in={date.pattern for date, _, _ in trips if date.pattern is not None},
        )
    }
    fitting = [
        (date, pattern, from_stop, to_stop)
        for date, from_stop, to_stop in trips
        if (pattern := patterns.get((date.event_id, date.pattern or 0))) is not None
        and 0 <= from_stop < to_stop < len(pattern.venue_ids)
    ]
    venues = Venue.objects.in_bulk(
        {pattern.venue_ids[stop] for _, pattern, *stops in fitting for stop in stops}
    )
    return {
        (date.event_id, date.ordinal, from_stop, to_stop): _stretched(
            date, pattern, from_stop, to_stop, venues
        )
        for date, pattern, from_stop, to_stop in fitting
    }


def _stretched(
    date: Date, pattern: StopPattern, from_stop: int, to_stop: int, venues: dict[int, Venue]
) -> Date:
    origin, destination = venues[pattern.venue_ids[from_stop]], venues[pattern.venue_ids[to_stop]]
    shown = copy(date)
    shown.starts_at = date.starts_at + timedelta(seconds=pattern.departure_s[from_stop])
    shown.ends_at = date.starts_at + timedelta(seconds=pattern.arrival_s[to_stop])
    shown.time_zone = origin.time_zone
    shown.stretch = Stretch(origin, destination, shown.ends_at, date.trip_code)
    return shown
