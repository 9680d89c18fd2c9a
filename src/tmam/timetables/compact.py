"""A timetable for searching: trips of some days as arrays of whole seconds, a few bytes for each call. Pure.

Trips with the same stops that never overtake each other form a *lane*; in a lane, catching a trip is one bisection.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from operator import attrgetter, sub
from typing import NamedTuple

NEVER = 2**31 - 1


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


@dataclass(frozen=True)
class Lane:
    """Trips in order of time. `departures[n][m]` is when trip m leaves the n-th stop; `trips` are read by `trip`."""

    stations: tuple[int, ...]
    boards: tuple[bool, ...]
    alights: tuple[bool, ...]
    departures: tuple[array[int], ...]
    arrivals: tuple[array[int], ...]
    trips: array[int]

    def trip(self, number: int) -> tuple[int, int]:
        """The event and date of one of its trips."""
        packed = self.trips[number]
        return packed >> 16, packed & 0xFFFF


@dataclass(frozen=True)
class CompactTimetable:
    """Lanes, and by station the lanes that call there with the position of the call; `change_s` by station.

    `lanes_to` has the lanes where one may get off at a station, with the position of the call.
    `hops_to` has for each station the stations one stop before it, with the shortest ride in seconds.
    """

    lanes: Sequence[Lane]
    lanes_at: Sequence[Sequence[tuple[int, int]]]
    lanes_to: Sequence[Sequence[tuple[int, int]]]
    change_s: Sequence[int]
    hops_to: Sequence[Sequence[tuple[int, int]]]


def compact(trips: Iterable[TripStart], change_s: Sequence[int]) -> CompactTimetable:
    """Arrange trips in lanes. `change_s` is the least time to change at each station, in the order of their indexes."""
    groups: dict[tuple[tuple[int, ...], ...], list[list[TripStart]]] = {}
    for trip in sorted(trips, key=attrgetter("start_s")):
        pattern = trip.pattern
        key = (pattern.stations, pattern.no_boarding, pattern.no_alighting)
        queues = groups.setdefault(key, [])
        for queue in queues:
            if _stays_behind(trip, queue[-1]):
                queue.append(trip)
                break
        else:
            queues.append([trip])
    lanes = [_lane(queue) for queues in groups.values() for queue in queues]
    lanes_at: list[list[tuple[int, int]]] = [[] for _ in change_s]
    lanes_to: list[list[tuple[int, int]]] = [[] for _ in change_s]
    last = {number: len(lane.stations) - 1 for number, lane in enumerate(lanes)}
    for number, lane in enumerate(lanes):
        for position, station in enumerate(lane.stations):
            if lane.boards[position] and position < last[number]:
                lanes_at[station].append((number, position))
            if lane.alights[position] and position > 0:
                lanes_to[station].append((number, position))
    return CompactTimetable(lanes, lanes_at, lanes_to, change_s, _hops(lanes, len(change_s)))


def least_times(timetable: CompactTimetable, target: int) -> list[int]:
    """Seconds that it takes at least from each station to a target, however well trips connect (Dijkstra)."""
    least = [NEVER] * len(timetable.change_s)
    least[target] = 0
    queue = [(0, target)]
    while queue:
        seconds, station = heappop(queue)
        if seconds > least[station]:
            continue
        for before, ride_s in timetable.hops_to[station]:
            if seconds + ride_s < least[before]:
                least[before] = seconds + ride_s
                heappush(queue, (seconds + ride_s, before))
    return least


def _hops(lanes: Iterable[Lane], stations: int) -> list[list[tuple[int, int]]]:
    shortest: list[dict[int, int]] = [{} for _ in range(stations)]
    for lane in lanes:
        for stop, (station, after) in enumerate(pairwise(lane.stations)):
            ride_s = min(map(sub, lane.arrivals[stop + 1], lane.departures[stop]))
            shortest[after][station] = min(ride_s, shortest[after].get(station, ride_s))
    return [list(hops.items()) for hops in shortest]


def _stays_behind(trip: TripStart, before: TripStart) -> bool:
    """Whether a trip that starts no earlier than another one with the same stops never overtakes it."""
    if trip.pattern is before.pattern:
        return True
    ahead = trip.start_s - before.start_s
    return all(
        now + ahead >= then
        for then, now in zip(
            (*before.pattern.departure_s, *before.pattern.arrival_s),
            (*trip.pattern.departure_s, *trip.pattern.arrival_s),
            strict=True,
        )
    )


def _lane(queue: Sequence[TripStart]) -> Lane:
    pattern = queue[0].pattern
    stops = range(len(pattern.stations))
    return Lane(
        stations=pattern.stations,
        boards=tuple(stop not in pattern.no_boarding for stop in stops),
        alights=tuple(stop not in pattern.no_alighting for stop in stops),
        departures=tuple(
            [array("i", [trip.start_s + trip.pattern.departure_s[stop] for trip in queue]) for stop in stops]
        ),
        arrivals=tuple(
            [array("i", [trip.start_s + trip.pattern.arrival_s[stop] for trip in queue]) for stop in stops]
        ),
        trips=array("q", [trip.event_id << 16 | trip.date_ordinal for trip in queue]),
    )
