"""Trips and their stop times on their way from a feed to its lines: in a temporary file, because they may be millions.

A feed lists stop times in any order, but a line is imported as a whole. SQLite's unnamed database lives in the
system's temporary folder, keeps a few megabytes in memory, and vanishes with its connection.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

CACHE_KB = 16_000


class StagedTrip(NamedTuple):
    """A trip of the feed that runs on some day of the import."""

    number: int
    trip_id: str
    route_id: str
    service_id: str
    code: str
    line: int


class StagedStop(NamedTuple):
    """One stop time; times are seconds or None, distance in the feed's unit or None; flags: 1 no boarding, 2 no alighting."""

    trip: int
    sequence: int
    line: int
    stop_id: str
    arrival_s: int | None
    departure_s: int | None
    distance: float | None
    flags: int


class Staging:
    """The temporary database. Close it (or use it as a context) to give the space back."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._database.executescript(
            f"""
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            PRAGMA cache_size = -{CACHE_KB};
            PRAGMA temp_store = FILE;
            CREATE TABLE trip (
                number INTEGER PRIMARY KEY, trip_id TEXT, route_id TEXT, service_id TEXT, code TEXT, line INTEGER);
            CREATE TABLE stop (
                trip INTEGER, sequence INTEGER, line INTEGER, stop_id TEXT, arrival INTEGER, departure INTEGER,
                distance REAL, flags INTEGER);
            CREATE TABLE bad (trip INTEGER PRIMARY KEY);
            """
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def add_trips(self, trips: Iterable[StagedTrip]) -> None:
        """Keep some trips."""
        self._database.executemany("INSERT INTO trip VALUES (?, ?, ?, ?, ?, ?)", trips)

    def add_stops(self, stops: Iterable[StagedStop]) -> None:
        """Keep some stop times."""
        self._database.executemany("INSERT INTO stop VALUES (?, ?, ?, ?, ?, ?, ?, ?)", stops)

    def mark_bad(self, trip: int) -> None:
        """Remember that a row of a trip was refused."""
        self._database.execute("INSERT OR IGNORE INTO bad VALUES (?)", (trip,))

    def finish(self) -> None:
        """Everything is there: make it quick to ask for by route."""
        self._database.execute("CREATE INDEX trip_route ON trip (route_id)")
        self._database.execute("CREATE INDEX stop_trip ON stop (trip, sequence, line)")

    def route_ids(self) -> list[str]:
        """The routes that have trips, in order."""
        return [row[0] for row in self._database.execute("SELECT DISTINCT route_id FROM trip ORDER BY 1")]

    def trips_by_service(self) -> dict[str, int]:
        """How many trips each service has."""
        rows = self._database.execute("SELECT service_id, count(*) FROM trip GROUP BY service_id")
        return dict(rows.fetchall())

    def trips(self, route_id: str) -> Iterator[tuple[StagedTrip, bool, list[StagedStop]]]:
        """The trips of a route in the feed's order: each with whether a row was refused, and its stops in order."""
        trips = self._database.execute(
            "SELECT trip.*, EXISTS (SELECT 1 FROM bad WHERE bad.trip = trip.number)"
            " FROM trip WHERE route_id = ? ORDER BY number",
            (route_id,),
        )
        for *trip, is_bad in trips:
            stops = self._database.execute(
                "SELECT * FROM stop WHERE trip = ? ORDER BY sequence, line", (trip[0],)
            )
            yield StagedTrip(*trip), bool(is_bad), [StagedStop(*stop) for stop in stops]

    def sample(self, trips: int) -> list[list[StagedStop]]:
        """The stops of some trips from all over the feed."""
        total = self._database.execute("SELECT count(*) FROM trip").fetchone()[0]
        numbers = range(1, total + 1, max(1, total // trips))
        return [
            [
                StagedStop(*stop)
                for stop in self._database.execute(
                    "SELECT * FROM stop WHERE trip = ? ORDER BY sequence, line", (number,)
                )
            ]
            for number in numbers
        ]
