"""Journeys: the same as a search that tries everything finds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tmam.timetables.compact import CompactTimetable, PatternCalls, TripStart, compact
from tmam.timetables.raptor import CHANGES_MAX, Found, change_waits_s, find_earlier, find_journeys

STATIONS = 5
Criteria = tuple[int, int, int]  # departure, arrival, changes


def random_pattern(chance: random.Random) -> PatternCalls:
    """Two to four stops; few go all the way from the first station to the last, so that one has to change."""
    stations = chance.sample(range(STATIONS), chance.choice([2, 2, 3, 4]))
    if {0, STATIONS - 1} <= set(stations) and chance.random() < 0.8:
        stations = [each for each in stations if each not in {0, STATIONS - 1}] + [
            chance.choice([0, STATIONS - 1])
        ]
    if len(stations) < 2:
        stations = [0, 1]
    arrivals, departures, at = [], [], 0
    for _ in stations:
        arrivals.append(at)
        at += chance.randrange(6) if arrivals[-1] else 0
        departures.append(at)
        at += chance.randrange(1, 20)
    departures[-1] = arrivals[-1]
    closed = [(n,) if chance.random() < 0.1 else () for n in (len(stations) // 2, len(stations) // 2)]
    return PatternCalls(tuple(stations), tuple(arrivals), tuple(departures), *closed)


@st.composite
def timetables(draw: st.DrawFn) -> tuple[list[TripStart], list[int]]:
    """A few patterns with many trips: journeys with two changes are as common as those with none."""
    chance = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311 - hypothesis chooses the seed
    shapes = [random_pattern(chance) for _ in range(chance.randint(3, 9))]
    trips = [
        TripStart(1, number, chance.randrange(100), chance.choice(shapes))
        for number in range(1, chance.randint(8, 30) + 1)
    ]
    return trips, [chance.randrange(10) for _ in range(STATIONS)]


def rides(trips: list[TripStart], station: int, ready_s: int) -> Iterator[tuple[int, int, int]]:
    """Every ride one can catch at a station: departure, arrival, where to."""
    for trip in trips:
        stations, arrival_s, departure_s, no_boarding, no_alighting = trip.pattern
        for one, other in combinations(range(len(stations)), 2):
            leaves = trip.start_s + departure_s[one]
            is_open = one not in no_boarding and other not in no_alighting
            if stations[one] == station and leaves >= ready_s and is_open:
                yield leaves, trip.start_s + arrival_s[other], stations[other]


def everything(
    trips: list[TripStart], change_s: list[int], origin: int, target: int, after_s: int
) -> Iterator[Criteria]:
    """All journeys, by trying every ride from every station reached."""

    def further(station: int, ready_s: int, left_s: int | None, rides_done: int) -> Iterator[Criteria]:
        for leaves, arrives, there in rides(trips, station, ready_s):
            departure = leaves if left_s is None else left_s
            if there == target:
                yield departure, arrives, rides_done
            elif rides_done < CHANGES_MAX:
                yield from further(there, arrives + change_s[there], departure, rides_done + 1)

    yield from further(origin, after_s, None, 0)


def unbeaten(all_: set[Criteria]) -> list[Criteria]:
    def beats(one: Criteria, other: Criteria) -> bool:
        return one != other and one[0] >= other[0] and one[1] <= other[1] and one[2] <= other[2]

    return sorted(each for each in all_ if not any(beats(other, each) for other in all_))


def check_ride(
    trips: list[TripStart], timetable: CompactTimetable, journey: Found, ends: tuple[int, int]
) -> None:
    """A journey is one that can be travelled."""
    by_ordinal = {trip.date_ordinal: trip for trip in trips}
    station, ready_s = ends[0], None
    for leg in journey.legs:
        lane = timetable.lanes[leg.lane]
        trip = by_ordinal[lane.trips[leg.trip] & 0xFFFF]
        leaves = trip.start_s + trip.pattern.departure_s[leg.from_stop]
        assert trip.pattern.stations[leg.from_stop] == station
        assert ready_s is None or leaves >= ready_s
        station = trip.pattern.stations[leg.to_stop]
        ready_s = trip.start_s + trip.pattern.arrival_s[leg.to_stop] + timetable.change_s[station]
    assert station == ends[1]


@settings(max_examples=600, deadline=None)
@given(timetables(), st.integers(0, 60), st.integers(1, 4), st.data())
def test_the_same_as_trying_everything(
    made: tuple[list[TripStart], list[int]], after_s: int, count: int, data: st.DataObject
) -> None:
    trips, change_s = made
    origin, target = data.draw(st.sampled_from([(0, STATIONS - 1), (STATIONS - 1, 0), (1, 2)]))
    timetable = compact(trips, change_s)
    found = find_journeys(timetable, origin, target, after_s=after_s, count=count)
    expected = unbeaten(set(everything(trips, change_s, origin, target, after_s)))
    shown = [(each.departure_s, each.arrival_s, each.changes) for each in found]
    assert sorted(shown) == shown or len({each[0] for each in shown}) < len(shown)
    assert set(shown) <= set(expected)
    assert len(shown) == min(count, len(expected))
    departures = sorted(each[0] for each in expected)[:count]
    assert sorted(each[0] for each in shown) == departures
    for journey in found:
        check_ride(trips, timetable, journey, (origin, target))
        for leg, wait_s in zip(journey.legs, change_waits_s(timetable, journey), strict=False):
            assert wait_s >= change_s[timetable.lanes[leg.lane].stations[leg.to_stop]]


@settings(max_examples=100, deadline=None)
@given(timetables(), st.integers(0, 60), st.integers(0, 60))
def test_a_search_may_end_before_a_moment(
    made: tuple[list[TripStart], list[int]], after_s: int, length_s: int
) -> None:
    trips, change_s = made
    found = find_journeys(
        compact(trips, change_s), 0, STATIONS - 1, after_s=after_s, until_s=after_s + length_s, count=100
    )
    expected = unbeaten(set(everything(trips, change_s, 0, STATIONS - 1, after_s)))
    assert {(each.departure_s, each.arrival_s, each.changes) for each in found} == {
        each for each in expected if each[0] < after_s + length_s
    }


def test_trips_that_overtake_are_in_lanes_of_their_own() -> None:
    slow = PatternCalls((0, 1, 2), (0, 100, 200), (0, 100, 200))
    fast = PatternCalls((0, 1, 2), (0, 50, 100), (0, 50, 100))
    trips = [TripStart(1, 1, 0, slow), TripStart(1, 2, 10, fast), TripStart(1, 3, 20, slow)]
    timetable = compact(trips, [0, 0, 0])
    assert [list(lane.trips) for lane in timetable.lanes] == [[1 << 16 | 1, 1 << 16 | 3], [1 << 16 | 2]]
    (first, second) = find_journeys(timetable, 0, 2, after_s=0, count=5)
    assert (first.departure_s, first.arrival_s) == (10, 110)
    assert (second.departure_s, second.arrival_s) == (20, 220)


def test_nowhere_and_nothing() -> None:
    assert find_journeys(compact([], [0, 0]), 0, 1, after_s=0, count=3) == []


@settings(max_examples=300, deadline=None)
@given(timetables(), st.integers(30, 120), st.integers(1, 4))
def test_the_last_ones_before_a_moment(
    made: tuple[list[TripStart], list[int]], before_s: int, count: int
) -> None:
    trips, change_s = made
    timetable = compact(trips, change_s)
    found = find_earlier(timetable, 0, STATIONS - 1, before_s=before_s, not_before_s=0, count=count)
    expected = [
        each for each in unbeaten(set(everything(trips, change_s, 0, STATIONS - 1, 0))) if each[0] < before_s
    ]
    shown = [(each.departure_s, each.arrival_s, each.changes) for each in found]
    assert set(shown) <= set(expected)
    assert [each[0] for each in shown] == [each[0] for each in expected][-count:]
