"""A timetable for searching: trips of some days as arrays of whole seconds, a few bytes for each call. Pure.

Trips with the same stops that never overtake each other form a *lane*; in a lane, catching a trip is one bisection.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class PatternCalls(NamedTuple):
    """Where a pattern calls: stations as indexes, seconds since the trip's start."""

    stations: tuple[int, ...]
    arrival_s: tuple[int, ...]
    departure_s: tuple[int, ...]
    no_boarding: tuple[int, ...] = ()
    no_alighting: tuple[int, ...] = ()


class TripStart(NamedTuple):
    """A trip: which one it is (event, date), when it starts (seconds since the timetable's zero), how it runs."""

    event_id: int
    date_ordinal: int
    start_s: int
    pattern: PatternCalls


@dataclass
class Lane:
    """Trips in order of time. `departures[n][m]` is when trip m leaves the n-th stop."""

    stations: tuple[int, ...]
    boards: tuple[bool, ...]
    alights: tuple[bool, ...]
    departures: list[array[int]]
    arrivals: list[array[int]]
    trips: array[int] = field(default_factory=lambda: array("q"))
    last: tuple[int, PatternCalls] | None = None

    def takes(self, trip: TripStart) -> bool:
        """Whether a trip that starts no earlier than the last one stays behind it all the way."""
        if self.last is None:
            return True
        start_s, pattern = self.last
        if pattern is trip.pattern:
            return True
        ahead = trip.start_s - start_s
        return all(
            now + ahead >= before
            for before, now in zip(
                (*pattern.departure_s, *pattern.arrival_s),
                (*trip.pattern.departure_s, *trip.pattern.arrival_s),
                strict=True,
            )
        )

    def add(self, trip: TripStart) -> None:
        """Put a trip behind the others."""
        for column, at in zip(self.departures, trip.pattern.departure_s, strict=True):
            column.append(trip.start_s + at)
        for column, at in zip(self.arrivals, trip.pattern.arrival_s, strict=True):
            column.append(trip.start_s + at)
        self.trips.append(trip.event_id << 16 | trip.date_ordinal)
        self.last = (trip.start_s, trip.pattern)


@dataclass(frozen=True)
class CompactTimetable:
    """Lanes, and by station the lanes that call there with the position of the call; `change_s` by station."""

    lanes: Sequence[Lane]
    lanes_at: Sequence[Sequence[tuple[int, int]]]
    change_s: Sequence[int]


def compact(trips: Iterable[TripStart], change_s: Sequence[int]) -> CompactTimetable:
    """Arrange trips in lanes. `change_s` is the least time to change at each station, in the order of their indexes."""
    groups: dict[tuple[tuple[int, ...], ...], list[Lane]] = {}
    for trip in sorted(trips, key=lambda each: each.start_s):
        pattern = trip.pattern
        key = (pattern.stations, pattern.no_boarding, pattern.no_alighting)
        lanes = groups.setdefault(key, [])
        lane = next((each for each in lanes if each.takes(trip)), None)
        if lane is None:
            lane = _lane(pattern)
            lanes.append(lane)
        lane.add(trip)
    lanes = [lane for group in groups.values() for lane in group]
    lanes_at: list[list[tuple[int, int]]] = [[] for _ in change_s]
    for number, lane in enumerate(lanes):
        for position, station in enumerate(lane.stations[:-1]):
            if lane.boards[position]:
                lanes_at[station].append((number, position))
    return CompactTimetable(lanes, lanes_at, change_s)


def _lane(pattern: PatternCalls) -> Lane:
    stops = range(len(pattern.stations))
    return Lane(
        stations=pattern.stations,
        boards=tuple(stop not in pattern.no_boarding for stop in stops),
        alights=tuple(stop not in pattern.no_alighting for stop in stops),
        departures=[array("i") for _ in stops],
        arrivals=[array("i") for _ in stops],
    )
