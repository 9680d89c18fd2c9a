"""A made-up railway as large as a country's: for measuring, run by hand.

    python -m tests.timetables.national FOLDER [STATIONS TRIPS]

writes a GTFS feed; `tmam import gtfs FOLDER …` then shows how long the import takes.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

STATIONS, TRIPS = 2_000, 20_000
SPEED_M_PER_S = 25
STOP_S = 60
STOPS_MIN, STOPS_MAX = 6, 24


def write_national_feed(folder: Path, stations: int = STATIONS, trips: int = TRIPS, seed: int = 7) -> Path:
    """A grid of stations with lines that wander over it, each with trips all day in both directions."""
    chance = random.Random(seed)  # noqa: S311 - the same railway each time
    folder.mkdir(parents=True, exist_ok=True)
    side = int(stations**0.5) + 1
    places = [(36 + number // side * 0.15, -8 + number % side * 0.18) for number in range(stations)]
    (folder / "agency.txt").write_text(
        "agency_id,agency_name,agency_timezone\nN,National Railway,Europe/Madrid\n"
    )
    rows = [f"s{n},Station {n},{lat:.4f},{lon:.4f},{n % 9}" for n, (lat, lon) in enumerate(places)]
    (folder / "stops.txt").write_text(
        "stop_id,stop_name,stop_lat,stop_lon,zone_id\n" + "\n".join(rows) + "\n"
    )
    days = "monday,tuesday,wednesday,thursday,friday,saturday,sunday"
    (folder / "calendar.txt").write_text(
        f"service_id,{days},start_date,end_date\ndaily,1,1,1,1,1,1,1,20260101,20271231\n"
    )
    routes, trip_rows, times = [], [], []
    lines = max(1, trips // 50)
    for line in range(lines):
        path = _walk(chance, side, stations)
        routes.append(f"r{line},N,L{line},,2")
        for number in range(trips // lines):
            trip_id = f"r{line}-{number}"
            trip_rows.append(f"r{line},daily,{trip_id},{line * 100 + number}")
            start = 5 * 3600 + number * 64_800 // (trips // lines) // 60 * 60
            times += _stop_times(trip_id, path if number % 2 else path[::-1], start)
    (folder / "routes.txt").write_text(
        "route_id,agency_id,route_short_name,route_long_name,route_type\n" + "\n".join(routes) + "\n"
    )
    (folder / "trips.txt").write_text(
        "route_id,service_id,trip_id,trip_short_name\n" + "\n".join(trip_rows) + "\n"
    )
    head = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    (folder / "stop_times.txt").write_text(head + "\n".join(times) + "\n")
    return folder


def _walk(chance: random.Random, side: int, stations: int) -> list[int]:
    """A line across the grid that turns now and then and never comes back to a station."""
    row, column = chance.randrange(side), chance.randrange(side)
    step_row, step_column = chance.choice([(0, 1), (1, 0), (1, 1), (1, -1)])
    path: list[int] = []
    for _ in range(chance.randint(STOPS_MIN, STOPS_MAX)):
        station = row % side * side + column % side
        if station < stations and station not in path:
            path.append(station)
        if chance.random() < 0.2:
            step_row, step_column = chance.choice([(0, 1), (1, 0), (1, 1), (1, -1)])
        row, column = row + step_row, column + step_column
    return path if len(path) > 1 else [0, 1]


def _stop_times(trip_id: str, path: list[int], start: int) -> list[str]:
    rows, at = [], start
    for sequence, station in enumerate(path):
        rows.append(f"{trip_id},{_clock(at)},{_clock(at + STOP_S)},s{station},{sequence}")
        at += STOP_S + 18_000 // SPEED_M_PER_S
    return rows


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


if __name__ == "__main__":
    write_national_feed(Path(sys.argv[1]), *map(int, sys.argv[2:4]))
