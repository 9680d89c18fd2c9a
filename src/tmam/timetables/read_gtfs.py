"""Reads a GTFS feed into lines: the large tables through staging, one line at a time, so memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from tmam.timetables.errors import (
    ReferenceUnknownError,
    RepeatedError,
    TooLargeError,
    TripUnusableError,
)
from tmam.timetables.feed_files import Feed, Row
from tmam.timetables.fields import Fields
from tmam.timetables.gtfs_tables import Route, Tables, read_tables
from tmam.timetables.lines import Line, Pattern, Trip
from tmam.timetables.progress import Progress
from tmam.timetables.service_days import HOURS_MAX, day_start
from tmam.timetables.staging import StagedStop, StagedTrip, Staging
from tmam.timetables.trip_stops import (
    NO_ALIGHTING,
    NO_BOARDING,
    UnusableTripError,
    compose_pattern,
    distance_unit_m,
)
from tmam.timetables.troubles import Troubles, shown

TRIPS_MAX = 2_000_000
TRIP_ID_MAX = 150
BATCH = 20_000
SAMPLE_TRIPS = 300
NOT_RUNNING = -1
HEADWAY_S_MIN = 60


@dataclass(frozen=True)
class Run:
    """A trip that runs every so often instead of at its own times (`frequencies.txt`, "simple"): first departures."""

    starts_s: tuple[int, ...]


class GtfsFeed:
    """A feed that has been read and staged; `lines` composes them one by one."""

    def __init__(
        self,
        tables: Tables,
        staging: Staging,
        runs: dict[str, Run],
        *,
        window: Sequence[date],
        refused: frozenset[str],
        troubles: Troubles,
    ) -> None:
        self.tables = tables
        self._staging = staging
        self._runs = runs
        self._window = window
        self._refused = refused
        self._troubles = troubles
        self._days = {name: tuple(service.days(window)) for name, service in tables.services.items()}
        self._unit_m = distance_unit_m(staging.sample(SAMPLE_TRIPS), tables.stops, tables.stations)

    @property
    def trip_count(self) -> int:
        """About how many trips `lines` will tell of (those that run every so often count once a day)."""
        return sum(
            trips * len(self._days.get(service_id, ()))
            for service_id, trips in self._staging.trips_by_service().items()
        )

    def lines(self) -> Iterator[Line]:
        """Each route with its trips on the days of the window."""
        for route_id in self._staging.route_ids():
            yield self._line(self.tables.routes[route_id])

    def _line(self, route: Route) -> Line:
        trips: list[Trip] = []
        unread = set(self._refused)
        patterns: dict[Pattern, Pattern] = {}
        starts: dict[date, datetime] = {
            day: day_start(day, ZoneInfo(route.time_zone)) for day in self._window
        }
        for staged, is_bad, stops in self._staging.trips(route.id):
            composed = None if is_bad else self._composed(staged, stops)
            if composed is None:
                unread.add(staged.trip_id)
                continue
            pattern, first_s = composed
            pattern = patterns.setdefault(pattern, pattern)
            trips += self._dated(staged, pattern, first_s, starts)
        trips.sort(key=lambda trip: (trip.starts_at, trip.key))
        title = route.title if " · " in route.title or not trips else self._titled(route, trips[0].pattern)
        return Line(
            route.id, route.name, route.kind, title or route.id, trips, frozenset(unread), route.time_zone
        )

    def _composed(self, staged: StagedTrip, stops: list[StagedStop]) -> tuple[Pattern, int] | None:
        try:
            return compose_pattern(stops, self.tables.stops, self.tables.stations, self._unit_m)
        except UnusableTripError as error:
            line = error.args[0]
            file = "stop_times.txt" if line else "trips.txt"
            self._troubles(TripUnusableError(file, line or staged.line, shown(staged.trip_id)))
            return None

    def _dated(
        self, staged: StagedTrip, pattern: Pattern, first_s: int, starts: dict[date, datetime]
    ) -> Iterator[Trip]:
        run = self._runs.get(staged.trip_id)
        for day in self._days.get(staged.service_id, ()):
            if run is None:
                starts_at = starts[day] + timedelta(seconds=first_s)
                yield Trip(f"{day}|{staged.trip_id}", staged.code, starts_at, pattern)
                continue
            for start_s in run.starts_s:
                starts_at = starts[day] + timedelta(seconds=start_s)
                yield Trip(f"{day}|{staged.trip_id}@{start_s}", staged.code, starts_at, pattern)

    def _titled(self, route: Route, pattern: Pattern) -> str:
        """A line without a long name is called after its ends."""
        ends = (self.tables.stations[pattern.stations[end]].name for end in (0, -1))
        return " · ".join(part for part in (route.title, " – ".join(ends)) if part)[:160]


def read_gtfs(
    feed: Feed,
    staging: Staging,
    window: Sequence[date],
    *,
    feed_name: str,
    country: str,
    troubles: Troubles,
    progress: Progress,
) -> GtfsFeed:
    """Read a feed for the days of a window.

    Raises:
        TimetableError: a file or column that is needed is missing or cannot be read at all.
    """
    tables = read_tables(feed, feed_name, country, troubles)
    refused: set[str] = set()
    numbers = _stage_trips(feed, tables, staging, window, troubles=troubles, refused=refused)
    _stage_stops(feed, tables, staging, numbers, troubles=troubles, progress=progress)
    runs = _read_runs(feed, numbers, troubles)
    staging.finish()
    return GtfsFeed(tables, staging, runs, window=window, refused=frozenset(refused), troubles=troubles)


def _stage_trips(
    feed: Feed,
    tables: Tables,
    staging: Staging,
    window: Sequence[date],
    *,
    troubles: Troubles,
    refused: set[str],
) -> dict[str, int]:
    """Stage the trips that run in the window; returns each trip's number, `NOT_RUNNING` for the others.

    The names of trips whose row cannot be used go to `refused`.
    """
    fields = Fields("trips.txt", troubles)
    running = {name for name, service in tables.services.items() if any(service.days(window))}
    numbers: dict[str, int] = {}
    batch: list[StagedTrip] = []
    count = 0
    for row in feed.rows(fields.file, ("route_id", "service_id", "trip_id"), troubles):
        trip_id = fields.text(row, "trip_id", TRIP_ID_MAX)
        if trip_id is None:
            continue
        if not _references_hold(fields, row, tables):
            refused.add(trip_id)
            continue
        if trip_id in numbers:
            troubles(RepeatedError(fields.file, row.line, "trip_id", shown(trip_id)))
            continue
        if len(numbers) >= TRIPS_MAX:
            raise TooLargeError(fields.file, row.line, TRIPS_MAX, "rows")
        if row["service_id"] not in running:
            numbers[trip_id] = NOT_RUNNING
            continue
        count += 1
        numbers[trip_id] = count
        route = tables.routes[row["route_id"]]
        code = (row["trip_short_name"] or route.name or trip_id)[:60]
        batch.append(StagedTrip(count, trip_id, route.id, row["service_id"], code, row.line))
        if len(batch) >= BATCH:
            staging.add_trips(batch)
            batch = []
    staging.add_trips(batch)
    return numbers


def _references_hold(fields: Fields, row: Row, tables: Tables) -> bool:
    for column, known in (("route_id", tables.routes), ("service_id", tables.services)):
        if row[column] not in known:
            fields.troubles(ReferenceUnknownError(fields.file, row.line, column, shown(row[column])))
            return False
    return True


def _stage_stops(
    feed: Feed,
    tables: Tables,
    staging: Staging,
    numbers: dict[str, int],
    *,
    troubles: Troubles,
    progress: Progress,
) -> None:
    needed = ("trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence")
    fields = Fields("stop_times.txt", troubles)
    rows = feed.rows(fields.file, needed, troubles)
    progress.start("stop times read")
    while batch := list(islice(rows, BATCH)):
        kept = []
        for row in batch:
            number = numbers.get(row["trip_id"])
            if number is None:
                troubles(ReferenceUnknownError(fields.file, row.line, "trip_id", shown(row["trip_id"])))
            elif number != NOT_RUNNING:
                stop = _stop(fields, row, number, tables)
                if stop is None:
                    staging.mark_bad(number)
                else:
                    kept.append(stop)
        staging.add_stops(kept)
        progress.step(len(batch))
    progress.finish()


def _stop(fields: Fields, row: Row, trip: int, tables: Tables) -> StagedStop | None:
    stop_id = row["stop_id"]
    if stop_id not in tables.stops:
        fields.troubles(ReferenceUnknownError(fields.file, row.line, "stop_id", shown(stop_id)))
        return None
    sequence = fields.whole(row, "stop_sequence", 0, 1_000_000)
    times: list[int | None] = []
    for column in ("arrival_time", "departure_time"):
        times.append(fields.time(row, column) if row[column] else None)
        if row[column] and times[-1] is None:
            return None
    distance = fields.number(row, "shape_dist_traveled", 0, 1e9) if row["shape_dist_traveled"] else None
    if sequence is None or (row["shape_dist_traveled"] and distance is None):
        return None
    flags = NO_BOARDING * (row["pickup_type"] == "1") | NO_ALIGHTING * (row["drop_off_type"] == "1")
    return StagedStop(trip, sequence, row.line, stop_id, times[0], times[1], distance, flags)


def _read_runs(feed: Feed, numbers: dict[str, int], troubles: Troubles) -> dict[str, Run]:
    if not feed.has("frequencies.txt"):
        return {}
    fields = Fields("frequencies.txt", troubles)
    starts: dict[str, set[int]] = {}
    for row in feed.rows(fields.file, ("trip_id", "start_time", "end_time", "headway_secs"), troubles):
        trip_id = row["trip_id"]
        if trip_id not in numbers:
            troubles(ReferenceUnknownError(fields.file, row.line, "trip_id", shown(trip_id)))
            continue
        first, last = fields.time(row, "start_time"), fields.time(row, "end_time")
        headway = fields.whole(row, "headway_secs", HEADWAY_S_MIN, HOURS_MAX * 3600)
        if first is not None and last is not None and headway is not None:
            starts.setdefault(trip_id, set()).update(range(first, last, headway))
    return {trip_id: Run(tuple(sorted(each))) for trip_id, each in starts.items()}
