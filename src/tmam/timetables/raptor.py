"""Finds journeys by rounds: round n knows the earliest arrival everywhere with n trips. Pure.

After D. Delling, T. Pajor, R. Werneck, "Round-Based Public Transit Routing" (2012), with its "range" form: departures
are tried from the latest to the earliest, each on top of what leaving later has reached, so that only what is gained
by leaving earlier costs time. Of journeys between two stations those are found that no other one beats: none leaves
no earlier, arrives no later and changes no more often.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from tmam.timetables.compact import NEVER, CompactTimetable, Lane, least_times

CHANGES_MAX = 2
RIDES_MAX = CHANGES_MAX + 1
CHUNK_MIN = 8  # departures tried together


class Leg(NamedTuple):
    """One ride: a trip of a lane (by index) from one of its stops to another."""

    lane: int
    trip: int
    from_stop: int
    to_stop: int


@dataclass(frozen=True)
class Found:
    """A journey; seconds since the timetable's zero."""

    legs: tuple[Leg, ...]
    departure_s: int
    arrival_s: int

    @property
    def changes(self) -> int:
        """How often one changes."""
        return len(self.legs) - 1


def find_journeys(
    timetable: CompactTimetable,
    origin: int,
    target: int,
    *,
    after_s: int,
    until_s: int = NEVER,
    count: int,
    arrive_by_s: int = NEVER,
) -> list[Found]:
    """The first `count` unbeaten journeys that leave at `after_s` or later and before `until_s`, in order of time."""
    departures = departures_between(timetable, origin, after_s, until_s)
    found: list[Found] = []
    start, size = 0, max(CHUNK_MIN, 2 * count)
    while start < len(departures) and len(found) < count:
        end = min(start + size, len(departures))
        search = _Search(timetable, origin, target, arrive_by_s)
        # What leaves after this chunk may beat what leaves within it.
        search.run(departures[end] if end < len(departures) else until_s)
        gained = [search.run(departure_s) for departure_s in reversed(departures[start:end])]
        found += [journey for journeys in reversed(gained) for journey in journeys]
        start, size = end, size * 2
    return found[:count]


def find_earlier(
    timetable: CompactTimetable, origin: int, target: int, *, before_s: int, not_before_s: int, count: int
) -> list[Found]:
    """The last `count` unbeaten journeys that leave before a moment, in order of time."""
    search = _Search(timetable, origin, target, NEVER)
    search.run(before_s)
    found: list[Found] = []
    for departure_s in reversed(departures_between(timetable, origin, not_before_s, before_s)):
        found = search.run(departure_s) + found
        if len(found) >= count:
            break
    return found[-count:]


def departures_between(timetable: CompactTimetable, origin: int, after_s: int, until_s: int) -> list[int]:
    """The moments when anything leaves a station, in order."""
    moments: set[int] = set()
    for lane, position in timetable.lanes_at[origin]:
        times = timetable.lanes[lane].departures[position]
        moments.update(times[bisect_left(times, after_s) : bisect_left(times, until_s)])
    return sorted(moments)


class _Search:
    """What is reached so far: `best[n]` has the earliest arrival at each station with at most n rides.

    Kept is only what may still become a journey that is not beaten: after the last ride but one a station counts only
    if the target can be reached from it directly, after the last ride nothing but the target does.
    """

    def __init__(self, timetable: CompactTimetable, origin: int, target: int, limit_s: int) -> None:
        self._timetable = timetable
        self._origin = origin
        self._target = target
        self._least = least_times(timetable, target)
        self._lanes_to_target = {lane for lane, _ in timetable.lanes_to[target]}
        self._direct = {
            station
            for lane, position in timetable.lanes_to[target]
            for station in timetable.lanes[lane].stations[:position]
        }
        self._best = [[NEVER] * len(timetable.change_s) for _ in range(RIDES_MAX + 1)]
        for best in self._best:
            best[target] = limit_s

    def run(self, departure_s: int) -> list[Found]:
        """Leave the origin at a moment no later than in the run before; returns the journeys that gain by it."""
        if departure_s >= NEVER:
            return []
        self._best[0][self._origin] = departure_s
        marked: Iterable[int] = (self._origin,)
        rounds: list[dict[int, Leg]] = []
        found: list[Found] = []
        for number in range(1, RIDES_MAX + 1):
            legs = self._round(number, marked)
            rounds.append(legs)
            if self._target in legs:
                found.append(_journey(self._timetable, rounds, self._target))
            marked = legs.keys() - {self._target}
            if not marked:
                break
        return found

    def _round(self, number: int, marked: Iterable[int]) -> dict[int, Leg]:
        """Ride once more from the marked stations: the last ride to each station that is reached earlier."""
        legs: dict[int, Leg] = {}
        for lane, first in _lanes_to_scan(self._timetable, marked).items():
            if number < RIDES_MAX or lane in self._lanes_to_target:
                self._ride(number, lane, first, legs)
        for after in self._best[number + 1 :]:
            for station in legs:
                after[station] = min(after[station], self._best[number][station])
        return legs

    def _ride(self, number: int, lane_number: int, first: int, legs: dict[int, Leg]) -> None:
        """Ride along a lane, always in the earliest trip that can be caught."""
        lane, before, best = self._timetable.lanes[lane_number], self._best[number - 1], self._best[number]
        stations, boards, alights = lane.stations, lane.boards, lane.alights
        arrivals, departures, change_s = lane.arrivals, lane.departures, self._timetable.change_s
        target, least = self._target, self._least
        useful = self._useful(number)
        # What a station reached now must beat to be of use for a later ride.
        bound_s = self._best[min(number + 1, RIDES_MAX)][target]
        trip = boarded = -1
        for position in range(first, len(stations)):
            station = stations[position]
            if trip >= 0 and alights[position]:
                arrival_s = arrivals[position][trip]
                if arrival_s < best[station] and (
                    station == target
                    or (arrival_s + least[station] < bound_s and (useful is None or station in useful))
                ):
                    best[station] = arrival_s
                    legs[station] = Leg(lane_number, trip, boarded, position)
            ready_s = before[station]
            if ready_s + least[station] < best[target] and boards[position]:
                if number > 1:
                    ready_s += change_s[station]
                times = departures[position]
                if trip < 0 or (trip > 0 and ready_s <= times[trip - 1]):
                    caught = bisect_left(times, ready_s)
                    if caught < len(times):
                        trip, boarded = caught, position

    def _useful(self, number: int) -> Container[int] | None:
        """The stations besides the target that matter after so many rides; None: all."""
        if number == RIDES_MAX:
            return ()
        return self._direct if number == RIDES_MAX - 1 else None


def _lanes_to_scan(timetable: CompactTimetable, marked: Iterable[int]) -> dict[int, int]:
    """The lanes that call at a marked station, each from the first such call on."""
    first: dict[int, int] = {}
    for station in marked:
        for lane, position in timetable.lanes_at[station]:
            if position < first.get(lane, NEVER):
                first[lane] = position
    return first


def _journey(timetable: CompactTimetable, rounds: list[dict[int, Leg]], target: int) -> Found:
    """Follow the legs back from the target."""
    legs: list[Leg] = []
    station = target
    for round_ in reversed(rounds):
        leg = round_.get(station)
        if leg is not None:
            legs.append(leg)
            station = timetable.lanes[leg.lane].stations[leg.from_stop]
    legs.reverse()
    first, last = legs[0], legs[-1]
    return Found(
        tuple(legs),
        timetable.lanes[first.lane].departures[first.from_stop][first.trip],
        timetable.lanes[last.lane].arrivals[last.to_stop][last.trip],
    )


def change_waits_s(timetable: CompactTimetable, journey: Found) -> list[int]:
    """How long one waits at each change."""
    return [
        _lane(timetable, after).departures[after.from_stop][after.trip]
        - _lane(timetable, leg).arrivals[leg.to_stop][leg.trip]
        for leg, after in pairwise(journey.legs)
    ]


def _lane(timetable: CompactTimetable, leg: Leg) -> Lane:
    return timetable.lanes[leg.lane]
