from __future__ import annotations

import pytest

from tmam.timetables.gtfs_tables import Stop
from tmam.timetables.lines import Station
from tmam.timetables.staging import StagedStop
from tmam.timetables.trip_stops import UnusableTripError, compose_pattern, distance_unit_m

STATIONS = [Station(f"x:{n}", f"S{n}", "", "ES", 40.0 + n / 10, 0.0, "Europe/Madrid") for n in range(4)]
STOPS = {str(n): Stop(n, "") for n in range(4)} | {"1b": Stop(1, "Z")}


def stop(
    sequence: int, stop_id: str, arrival: int | None, departure: int | None, distance: float | None = None
) -> StagedStop:
    return StagedStop(1, sequence, sequence + 10, stop_id, arrival, departure, distance, 0)


def test_times_left_out_lie_on_the_line_by_distance() -> None:
    trip = [
        stop(1, "0", 100, 100, 0),
        stop(2, "1", None, None, 10),
        stop(3, "2", None, None, 90),
        stop(4, "3", 1100, 1100, 100),
    ]
    pattern, first = compose_pattern(trip, STOPS, STATIONS, 1000.0)
    assert first == 100
    assert pattern.arrival_s == pattern.departure_s == (0, 100, 900, 1000)
    assert pattern.distance_m == (0, 10_000, 90_000, 100_000)


def test_two_platforms_of_one_station_are_one_stop() -> None:
    trip = [stop(1, "0", 0, 0), stop(2, "1", 300, 310), stop(3, "1b", 400, 450), stop(4, "2", 900, 900)]
    pattern, _ = compose_pattern(trip, STOPS, STATIONS, None)
    assert pattern.stations == (0, 1, 2)
    assert (pattern.arrival_s, pattern.departure_s) == ((0, 300, 900), (0, 450, 900))
    assert pattern.zones == ("", "Z", "")


@pytest.mark.parametrize(
    ("trip", "line"),
    [
        ([stop(1, "0", 0, 0)], 11),
        ([stop(1, "0", 0, 0), stop(1, "1", 60, 60)], 11),
        ([stop(1, "0", None, None), stop(2, "1", 60, 60)], 11),
        ([stop(1, "0", 0, 0), stop(2, "1", None, None)], 12),
        ([stop(1, "0", 0, 0), stop(2, "1", 60, 50), stop(3, "2", 90, 90)], 12),
        ([stop(1, "0", 100, 100), stop(2, "1", 60, 60)], 12),
        ([stop(1, "0", 0, 0), stop(2, "1", 0, 0)], 12),
        ([stop(1, "1", 0, 0), stop(2, "1b", 60, 60)], 12),
        ([], 0),
    ],
    ids=[
        "one stop",
        "number twice",
        "no start",
        "no end",
        "waits backwards",
        "runs backwards",
        "no time",
        "one station",
        "empty",
    ],
)
def test_what_makes_no_trip_is_told_by_line(trip: list[StagedStop], line: int) -> None:
    with pytest.raises(UnusableTripError) as caught:
        compose_pattern(trip, STOPS, STATIONS, None)
    assert caught.value.args[0] == line


def test_more_stops_than_a_token_can_name() -> None:
    trip = [stop(n, str(n % 2), n * 60, n * 60) for n in range(257)]
    with pytest.raises(UnusableTripError):
        compose_pattern(trip, STOPS, STATIONS, None)
    assert len(compose_pattern(trip[:256], STOPS, STATIONS, None)[0].stations) == 256


@pytest.mark.parametrize(
    ("per_km", "unit"), [(1000.0, 1.0), (1.0, 1000.0), (0.6214, 1609.344), (3280.8, 0.3048)]
)
def test_the_unit_of_distances_is_told_by_the_map(per_km: float, unit: float) -> None:
    """11.1 km of straight line between neighbours, a fifth more by rail."""
    trip = [stop(n, str(n), n * 60, n * 60, 13.3 * n * per_km) for n in range(4)]
    assert distance_unit_m([trip], STOPS, STATIONS) == unit


def test_distances_that_make_no_sense_are_not_used() -> None:
    trip = [stop(n, str(n), n * 60, n * 60, n * 1e-6) for n in range(4)]
    assert distance_unit_m([trip], STOPS, STATIONS) is None
    assert distance_unit_m([[stop(1, "0", 0, 0)]], STOPS, STATIONS) is None
