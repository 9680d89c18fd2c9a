"""What an import makes of a timetable, whichever file it came from: stations, lines, trips. Values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_000
STOPS_MAX = 256


@dataclass(frozen=True)
class Station:
    """A station or airport; `code` is its venue's `stop_code`. `change_minutes`: None for the operator's setting."""

    code: str
    name: str
    city: str
    country: str
    latitude: float | None
    longitude: float | None
    time_zone: str
    change_minutes: int | None = None


@dataclass(frozen=True)
class Pattern:
    """Where and when a trip calls, see `catalog.StopPattern`; `stations` are indexes into the import's stations."""

    stations: tuple[int, ...]
    arrival_s: tuple[int, ...]
    departure_s: tuple[int, ...]
    distance_m: tuple[int, ...]
    zones: tuple[str, ...]
    no_boarding: tuple[int, ...] = ()
    no_alighting: tuple[int, ...] = ()

    @property
    def segments(self) -> int:
        """How many stretches between neighbouring stops there are."""
        return len(self.stations) - 1


@dataclass(frozen=True, slots=True)
class Trip:
    """One trip on one service day. `key` is `<service day>|<trip in the timetable>`, `code` its public number."""

    key: str
    code: str
    starts_at: datetime
    pattern: Pattern


@dataclass(frozen=True)
class Line:
    """A line with its trips of the imported days.

    `unread` are the timetable's names of trips that could not be read: what is known of them already must stay.
    """

    key: str
    name: str
    kind: str
    title: str
    trips: Sequence[Trip]
    unread: frozenset[str] = frozenset()
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Place:
    """Degrees on the globe; None where the file does not say."""

    latitude: float | None
    longitude: float | None


@dataclass
class Tally:
    """What an import did, in trips; `kept` are those that changed in the file but are sold."""

    lines: int = 0
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    kept: int = 0
    event_ids: list[int] = field(default_factory=list)


def great_circle_m(one: Place, other: Place) -> float:
    """Metres along the surface of the globe; 0 if a place is unknown (haversine, sphere)."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return 0.0
    lat1, lon1, lat2, lon2 = map(radians, (one.latitude, one.longitude, other.latitude, other.longitude))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))


def running_distances(places: Sequence[Place]) -> tuple[int, ...]:
    """Metres from the first place, along straight lines from each to the next."""
    total = 0.0
    running = [0]
    for one, other in pairwise(places):
        total += great_circle_m(one, other)
        running.append(round(total))
    return tuple(running)
