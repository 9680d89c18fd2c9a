"""Finds journeys by rounds: round n knows the earliest arrival everywhere with n trips. Pure.

After D. Delling, T. Pajor, R. Werneck, "Round-Based Public Transit Routing" (2012). Of journeys between two stations
those are found that no other one beats: none leaves later, arrives earlier and changes less often.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from tmam.timetables.compact import CompactTimetable, Lane

CHANGES_MAX = 2
NEVER = 2**31 - 1


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
    found: list[Found] = []
    start_s = after_s
    while start_s < until_s:
        earliest = earliest_arrivals(timetable, origin, target, start_s, arrive_by_s)
        if not earliest:
            break
        fresh = [_left_latest(timetable, each) for each in earliest]
        found = unbeaten([*found, *fresh])
        # All that leave before this moment have been compared with everything that leaves later.
        settled = [each for each in found if each.departure_s < start_s]
        if len(settled) >= count:
            break
        start_s = min(each.departure_s for each in fresh) + 1
    return [each for each in found if each.departure_s < until_s][:count]


def unbeaten(journeys: Iterable[Found]) -> list[Found]:
    """Those that no other one beats, in order of departure; of equal ones the first."""
    kept: list[Found] = []
    # From the latest departure on, a journey stays if it arrives before all with as few changes that leave later.
    best = [NEVER] * (CHANGES_MAX + 1)
    ordered = sorted(journeys, key=lambda each: (-each.departure_s, each.arrival_s, each.changes))
    for each in ordered:
        if each.arrival_s < min(best[: each.changes + 1]):
            best[each.changes] = each.arrival_s
            kept.append(each)
    return kept[::-1]


def earliest_arrivals(
    timetable: CompactTimetable, origin: int, target: int, start_s: int, arrive_by_s: int = NEVER
) -> list[Found]:
    """For each number of changes the earliest arrival, if it is earlier than with fewer changes."""
    search = _Search(timetable, origin, target, start_s, arrive_by_s)
    marked = {origin}
    rounds: list[dict[int, Leg]] = []
    found: list[Found] = []
    for _ in range(CHANGES_MAX + 1):
        legs = search.round(_lanes_to_scan(timetable, marked), is_change=bool(rounds))
        rounds.append(legs)
        if target in legs:
            found.append(_journey(timetable, rounds, target))
        marked = legs.keys() - {target}
        if not marked:
            break
    return found


def _lanes_to_scan(timetable: CompactTimetable, marked: Iterable[int]) -> dict[int, int]:
    """The lanes that call at a marked station, each from the first such call on."""
    first: dict[int, int] = {}
    for station in marked:
        for lane, position in timetable.lanes_at[station]:
            if position < first.get(lane, NEVER):
                first[lane] = position
    return first


class _Search:
    """The earliest arrivals so far; `limit_s` is the arrival at the target to beat."""

    def __init__(
        self, timetable: CompactTimetable, origin: int, target: int, start_s: int, limit_s: int
    ) -> None:
        self._timetable = timetable
        self._target = target
        self._limit_s = limit_s
        self._best = [NEVER] * len(timetable.change_s)
        self._best[origin] = start_s

    def round(self, lanes: dict[int, int], *, is_change: bool) -> dict[int, Leg]:
        """Ride once more: the last ride to each station that is reached earlier than before."""
        before = self._best.copy()
        legs: dict[int, Leg] = {}
        for lane, first in lanes.items():
            self._ride(lane, first, before, legs, is_change=is_change)
        return legs

    def _ride(
        self, lane_number: int, first: int, before: list[int], legs: dict[int, Leg], *, is_change: bool
    ) -> None:
        """Ride along a lane, always in the earliest trip that can be caught."""
        lane, best, limit_s = self._timetable.lanes[lane_number], self._best, self._limit_s
        stations, boards, alights = lane.stations, lane.boards, lane.alights
        arrivals, departures, change_s = lane.arrivals, lane.departures, self._timetable.change_s
        trip = boarded = -1
        for position in range(first, len(stations)):
            station = stations[position]
            if trip >= 0 and alights[position]:
                arrival_s = arrivals[position][trip]
                if arrival_s < best[station] and arrival_s < limit_s:
                    best[station] = arrival_s
                    legs[station] = Leg(lane_number, trip, boarded, position)
                    if station == self._target:
                        limit_s = self._limit_s = arrival_s
            ready_s = before[station]
            if ready_s < limit_s and boards[position]:
                if is_change:
                    ready_s += change_s[station]
                times = departures[position]
                if trip < 0 or (trip > 0 and ready_s <= times[trip - 1]):
                    caught = bisect_left(times, ready_s)
                    if caught < len(times):
                        trip, boarded = caught, position


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
    return _found(timetable, legs)


def _left_latest(timetable: CompactTimetable, journey: Found) -> Found:
    """The same lanes and the same last trip, but leaving as late as the changes allow: less waiting on the way."""
    legs = list(journey.legs)
    for number in range(len(legs) - 2, -1, -1):
        leg, after = legs[number], legs[number + 1]
        lane, lane_after = timetable.lanes[leg.lane], timetable.lanes[after.lane]
        station = lane_after.stations[after.from_stop]
        latest_s = lane_after.departures[after.from_stop][after.trip] - timetable.change_s[station]
        legs[number] = leg._replace(trip=bisect_right(lane.arrivals[leg.to_stop], latest_s) - 1)
    return _found(timetable, legs)


def _found(timetable: CompactTimetable, legs: list[Leg]) -> Found:
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
