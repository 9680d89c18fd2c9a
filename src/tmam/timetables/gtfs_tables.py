"""The small tables of a GTFS feed: agencies, stations, routes, services. Read whole, each row checked.

Reference: https://gtfs.org/documentation/schedule/reference/
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from tmam.timetables.errors import FileMissingError, ReferenceUnknownError, RepeatedError
from tmam.timetables.feed_files import Feed, Row
from tmam.timetables.fields import Fields
from tmam.timetables.lines import Station
from tmam.timetables.service_days import Service, parse_day
from tmam.timetables.troubles import Troubles, shown

STOP_ID_MAX = 60
ROUTE_ID_MAX = 100
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PLATFORM, STATION = 0, 1
FLIGHT_TYPES = range(1100, 1200)
ADDED, REMOVED = 1, 2
SAME_STATION_MIN_TIME = "2"


@dataclass(frozen=True)
class Stop:
    """Where a stop time may point: its station (an index) and its fare zone."""

    station: int
    zone: str


@dataclass(frozen=True)
class Route:
    """A line as its file tells it."""

    id: str
    name: str
    title: str
    kind: str
    time_zone: str


@dataclass
class Tables:
    """The small tables of a feed."""

    zones: dict[str, str] = field(default_factory=dict)  # agency → time zone
    stations: list[Station] = field(default_factory=list)
    stops: dict[str, Stop] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """The feed's own time zone: its first agency's."""
        return next(iter(self.zones.values()), "UTC")


def read_tables(feed: Feed, feed_name: str, country: str, troubles: Troubles) -> Tables:
    """Read agency, stops, routes, calendar, calendar_dates and transfers.

    Raises:
        TimetableError: a file or column that is needed is missing or cannot be read at all.
    """
    tables = Tables()
    _read_agencies(feed, tables, troubles)
    _read_stops(feed, tables, feed_name, country, troubles)
    _read_routes(feed, tables, troubles)
    _read_services(feed, tables, troubles)
    return tables


def _read_agencies(feed: Feed, tables: Tables, troubles: Troubles) -> None:
    fields = Fields("agency.txt", troubles)
    for row in feed.rows(fields.file, ("agency_timezone",), troubles):
        zone = fields.zone(row, "agency_timezone")
        if zone is not None:
            tables.zones.setdefault(row["agency_id"], zone)


def _read_stops(feed: Feed, tables: Tables, feed_name: str, country: str, troubles: Troubles) -> None:
    fields = Fields("stops.txt", troubles)
    rows: dict[str, Row] = {}
    for row in feed.rows(fields.file, ("stop_id",), troubles):
        stop_id = fields.text(row, "stop_id", STOP_ID_MAX)
        if stop_id is None:
            continue
        if stop_id in rows:
            troubles(RepeatedError(fields.file, row.line, "stop_id", shown(stop_id)))
        elif row["location_type"] in {
            "",
            "0",
            "1",
        }:  # entrances and nodes of paths are no places to travel to
            rows[stop_id] = row
    change_minutes = _change_minutes(feed, rows, troubles)
    numbers: dict[str, int] = {}
    for stop_id, row in rows.items():
        parent = row["parent_station"]
        if parent and parent not in rows:
            troubles(ReferenceUnknownError(fields.file, row.line, "parent_station", shown(parent)))
            continue
        if not parent and (station := _station(fields, row, tables.zone)):
            numbers[stop_id] = len(tables.stations)
            tables.stations.append(
                replace(
                    station,
                    code=f"{feed_name}:{stop_id}",
                    country=country,
                    change_minutes=change_minutes.get(stop_id),
                )
            )
    for stop_id, row in rows.items():
        number = numbers.get(row["parent_station"] or stop_id)
        if number is not None:
            tables.stops[stop_id] = Stop(number, row["zone_id"][:40])


def _station(fields: Fields, row: Row, feed_zone: str) -> Station | None:
    name = fields.text(row, "stop_name")
    latitude = fields.number(row, "stop_lat", -90, 90)
    longitude = fields.number(row, "stop_lon", -180, 180)
    zone = fields.zone(row, "stop_timezone") if row["stop_timezone"] else feed_zone
    if name is None or latitude is None or longitude is None or zone is None:
        return None
    return Station("", name, name[:100], "", latitude, longitude, zone)


def _change_minutes(feed: Feed, rows: dict[str, Row], troubles: Troubles) -> dict[str, int]:
    """The least time to change within a station, where transfers.txt says (from a station to itself)."""
    minutes: dict[str, int] = {}
    if not feed.has("transfers.txt"):
        return minutes
    fields = Fields("transfers.txt", troubles)
    for row in feed.rows(fields.file, ("from_stop_id", "to_stop_id", "transfer_type"), troubles):
        if row["transfer_type"] != SAME_STATION_MIN_TIME:
            continue
        ends = [rows.get(row[column]) for column in ("from_stop_id", "to_stop_id")]
        for column, end in zip(("from_stop_id", "to_stop_id"), ends, strict=True):
            if end is None and row[column]:
                troubles(ReferenceUnknownError(fields.file, row.line, column, shown(row[column])))
        stations = {(end["parent_station"] or end["stop_id"]) for end in ends if end is not None}
        seconds = fields.whole(row, "min_transfer_time", 0, 86_400)
        if None not in ends and len(stations) == 1 and seconds is not None:
            station = stations.pop()
            minutes[station] = max(minutes.get(station, 0), -(-seconds // 60))
    return minutes


def _read_routes(feed: Feed, tables: Tables, troubles: Troubles) -> None:
    fields = Fields("routes.txt", troubles)
    for row in feed.rows(fields.file, ("route_id", "route_type"), troubles):
        route_id = fields.text(row, "route_id", ROUTE_ID_MAX)
        type_ = fields.whole(row, "route_type", 0, 1999)
        if route_id is None or type_ is None:
            continue
        agency = row["agency_id"]
        if agency and agency not in tables.zones:
            troubles(ReferenceUnknownError(fields.file, row.line, "agency_id", shown(agency)))
        elif route_id in tables.routes:
            troubles(RepeatedError(fields.file, row.line, "route_id", shown(route_id)))
        else:
            short, long = row["route_short_name"][:40], row["route_long_name"][:120]
            kind = "flight" if type_ in FLIGHT_TYPES else "train"
            title = " · ".join(part for part in (short, long) if part)
            tables.routes[route_id] = Route(
                route_id, short, title, kind, tables.zones.get(agency, tables.zone)
            )


def _read_services(feed: Feed, tables: Tables, troubles: Troubles) -> None:
    if not feed.has("calendar.txt") and not feed.has("calendar_dates.txt"):
        raise FileMissingError("calendar.txt")
    if feed.has("calendar.txt"):
        fields = Fields("calendar.txt", troubles)
        needed = ("service_id", *WEEKDAYS, "start_date", "end_date")
        for row in feed.rows(fields.file, needed, troubles):
            _read_service(fields, row, tables.services)
    if feed.has("calendar_dates.txt"):
        fields = Fields("calendar_dates.txt", troubles)
        for row in feed.rows(fields.file, ("service_id", "date", "exception_type"), troubles):
            service_id = fields.text(row, "service_id")
            day = _day(fields, row, "date")
            type_ = fields.whole(row, "exception_type", ADDED, REMOVED)
            if service_id is not None and day is not None and type_ is not None:
                service = tables.services.setdefault(service_id, Service())
                (service.added if type_ == ADDED else service.removed).add(day)


def _read_service(fields: Fields, row: Row, services: dict[str, Service]) -> None:
    service_id = fields.text(row, "service_id")
    weekdays = [fields.whole(row, name, 0, 1) for name in WEEKDAYS]
    first, last = _day(fields, row, "start_date"), _day(fields, row, "end_date")
    if service_id is None or first is None or last is None or None in weekdays:
        return
    if service_id in services:
        fields.troubles(RepeatedError(fields.file, row.line, "service_id", shown(service_id)))
        return
    running = frozenset(number for number, runs in enumerate(weekdays) if runs)
    services[service_id] = Service(running, first, last)


def _day(fields: Fields, row: Row, column: str) -> date | None:
    day = parse_day(row[column])
    if day is None:
        fields.wrong(row, column)
    return day
