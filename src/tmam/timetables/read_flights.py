"""Reads flights from a table (`docs/timetables.md`) into lines: one line for each flight number. Memory is bounded.

Times are on the clock of each airport, as airlines print them, so a trip's length follows from the zones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from tmam.catalog.fares import zone_pair
from tmam.kernel.money import minor_units
from tmam.timetables.errors import (
    ReferenceUnknownError,
    RepeatedError,
    SourceUnreadableError,
    TooLargeError,
    TripUnusableError,
)
from tmam.timetables.feed_files import Row, read_rows
from tmam.timetables.fields import Fields
from tmam.timetables.lines import Line, Pattern, Place, Station, Trip, running_distances
from tmam.timetables.sale import PRICE_MINOR_MAX, parse_seats
from tmam.timetables.troubles import Troubles, shown

NEEDED: Final = ("flight", "from", "to", "departs", "arrives", "days", "price", "seats")
FLIGHTS_MAX = 100_000
_FLIGHT = re.compile(r"[A-Z0-9]{2,3} ?[0-9]{1,4}[A-Z]?")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_VIA = re.compile(r"([A-Z]{3}) +([0-9:]{4,5}) +([0-9:]{4,5})")
_STRETCH = re.compile(r"([A-Z]{3})-([A-Z]{3}) +([0-9.]+)")


@dataclass(frozen=True)
class Call:
    """One airport of a flight: the clock's time of arrival and departure there (None at the ends)."""

    airport: str
    arrives: time | None
    departs: time | None


@dataclass
class Flight:
    """What the rows of one flight number say together. `price` and so on are those of the first row."""

    number: str
    airline: str
    price: str
    seats: str
    stretch_prices: dict[str, str]
    rows: list[tuple[int, tuple[Call, ...], tuple[date, ...]]] = field(default_factory=list)


def read_flights(
    path: Path, airports: Mapping[str, Station], window: Sequence[date], currency: str, troubles: Troubles
) -> dict[str, Flight]:
    """The flights of a file by number, with the days of the window on which each row runs.

    Raises:
        TimetableError: the file cannot be read at all.
    """
    fields = Fields(path.name, troubles)
    flights: dict[str, Flight] = {}
    try:
        with path.open("rb") as stream:
            for count, row in enumerate(read_rows(stream, path.name, NEEDED, troubles), start=1):
                if count > FLIGHTS_MAX:
                    raise TooLargeError(path.name, row.line, FLIGHTS_MAX, "rows")
                _read_flight(fields, row, flights, airports, window=window, currency=currency)
    except OSError:
        raise SourceUnreadableError(path.name) from None
    return flights


def _read_flight(
    fields: Fields,
    row: Row,
    flights: dict[str, Flight],
    airports: Mapping[str, Station],
    *,
    window: Sequence[date],
    currency: str,
) -> None:
    number = row["flight"]
    if not _FLIGHT.fullmatch(number):
        fields.wrong(row, "flight")
        return
    calls, days = _calls(fields, row, airports), _days(fields, row, window)
    stretches = _stretch_prices(fields, row, currency)
    if calls is None or days is None or stretches is None or not _is_sellable(fields, row, currency):
        return
    flight = flights.setdefault(
        number, Flight(number, row["airline"][:60], row["price"], row["seats"], stretches)
    )
    for column, first in (("price", flight.price), ("seats", flight.seats)):
        if row[column] != first:  # one flight number is one thing to buy
            fields.wrong(row, column)
            return
    flown = {day for _, _, other in flight.rows for day in other}
    if doubled := sorted(flown.intersection(days)):
        fields.troubles(RepeatedError(fields.file, row.line, "days", f"{number} {doubled[0]}"))
        return
    flight.rows.append((row.line, calls, days))


def _is_sellable(fields: Fields, row: Row, currency: str) -> bool:
    if not _is_price(row["price"], currency):
        fields.wrong(row, "price")
        return False
    seats = row["seats"]
    if re.fullmatch(r"[1-9][0-9]{0,2}", seats):
        return True
    try:
        is_known = parse_seats(seats) is not None
    except ValueError:
        is_known = False
    if not is_known:
        fields.wrong(row, "seats")
    return is_known


def _calls(fields: Fields, row: Row, airports: Mapping[str, Station]) -> tuple[Call, ...] | None:
    departs, arrives = _clock(row["departs"]), _clock(row["arrives"])
    for column, at in (("departs", departs), ("arrives", arrives)):
        if at is None:
            fields.wrong(row, column)
            return None
    calls = [Call(row["from"], None, departs)]
    for part in filter(None, (text.strip() for text in row["via"].split(";"))):
        match = _VIA.fullmatch(part)
        call = Call(match[1], _clock(match[2]), _clock(match[3])) if match else None
        if call is None or call.arrives is None or call.departs is None:
            fields.wrong(row, "via")
            return None
        calls.append(call)
    calls.append(Call(row["to"], arrives, None))
    for column, call in zip(("from", *["via"] * (len(calls) - 2), "to"), calls, strict=True):
        if call.airport not in airports:
            fields.troubles(ReferenceUnknownError(fields.file, row.line, column, shown(call.airport)))
            return None
    if any(one.airport == other.airport for one, other in pairwise(calls)):
        fields.wrong(row, "to")
        return None
    return tuple(calls)


def _days(fields: Fields, row: Row, window: Sequence[date]) -> tuple[date, ...] | None:
    """The days of the window: `daily`, weekdays (`135`: Monday, Wednesday, Friday) or one day, inside `first`-`last`."""
    text = row["days"].lower()
    bounds: list[date | None] = []
    for column in ("first", "last"):
        try:
            bounds.append(date.fromisoformat(row[column]) if row[column] else None)
        except ValueError:
            fields.wrong(row, column)
            return None
    if text == "daily":
        text = "1234567"
    if re.fullmatch(r"[1-7]{1,7}", text):
        return tuple(
            day
            for day in window
            if str(day.isoweekday()) in text
            and (bounds[0] is None or day >= bounds[0])
            and (bounds[1] is None or day <= bounds[1])
        )
    try:
        day = date.fromisoformat(text)
    except ValueError:
        fields.wrong(row, "days")
        return None
    return (day,) if day in window else ()


def _stretch_prices(fields: Fields, row: Row, currency: str) -> dict[str, str] | None:
    prices: dict[str, str] = {}
    for part in filter(None, (text.strip() for text in row["stretch_prices"].split(";"))):
        match = _STRETCH.fullmatch(part)
        if match is None or not _is_price(match[3], currency):
            fields.wrong(row, "stretch_prices")
            return None
        prices[zone_pair(match[1], match[2])] = match[3]
    return prices


def _is_price(text: str, currency: str) -> bool:
    try:
        return minor_units(text, currency) <= PRICE_MINOR_MAX
    except ValueError:
        return False


def _clock(text: str) -> time | None:
    match = _CLOCK.fullmatch(text)
    return time(int(match[1]), int(match[2])) if match else None


def flight_lines(
    flights: Mapping[str, Flight], airports: Mapping[str, Station], file: str, troubles: Troubles
) -> Iterator[Line]:
    """Each flight number as a line with its trips, in order of time; `stations` of patterns index `airports`."""
    numbers = {code: number for number, code in enumerate(airports)}
    for flight in flights.values():
        trips: list[Trip] = []
        patterns: dict[Pattern, Pattern] = {}
        for line, calls, days in flight.rows:
            places = [
                Place(airports[call.airport].latitude, airports[call.airport].longitude) for call in calls
            ]
            for day in days:
                instants = _instants(calls, airports, day)
                if instants is None:
                    troubles(TripUnusableError(file, line, flight.number))
                    break
                pattern = _pattern(calls, numbers, instants, running_distances(places))
                pattern = patterns.setdefault(pattern, pattern)
                trips.append(Trip(f"{day}|{flight.number}", flight.number, instants[0][1], pattern))
        trips.sort(key=lambda trip: trip.starts_at)
        if flight.rows:
            yield Line(flight.number, flight.number, "flight", _title(flight, airports), trips)


def _instants(
    calls: Sequence[Call], airports: Mapping[str, Station], day: date
) -> list[tuple[datetime, datetime]] | None:
    """Arrival and departure of each call: each the first moment its clock shows that time after the one before."""
    instants: list[tuple[datetime, datetime]] = []
    at = datetime.combine(day, calls[0].departs or time(), ZoneInfo(airports[calls[0].airport].time_zone))
    at = at.astimezone(UTC)
    for number, call in enumerate(calls):
        zone = ZoneInfo(airports[call.airport].time_zone)
        arrival = at if number == 0 or call.arrives is None else _next(at, call.arrives, zone)
        departure = arrival if number == 0 or call.departs is None else _next(arrival, call.departs, zone)
        if number and (arrival - at > timedelta(hours=20) or departure - arrival > timedelta(hours=6)):
            return None  # no aeroplane stays up or waits that long: the times are wrong
        instants.append((arrival, departure))
        at = departure
    return instants


def _next(after: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """The first moment later than `after` when the clock of a place shows a time."""
    local = after.astimezone(zone)
    for days in (-1, 0, 1, 2):
        found = datetime.combine(local.date() + timedelta(days=days), clock, zone).astimezone(UTC)
        if found > after:
            return found
    raise AssertionError("a clock shows every time within two days")


def _pattern(
    calls: Sequence[Call],
    numbers: Mapping[str, int],
    instants: Sequence[tuple[datetime, datetime]],
    distance_m: tuple[int, ...],
) -> Pattern:
    start = instants[0][1]
    return Pattern(
        stations=tuple(numbers[call.airport] for call in calls),
        arrival_s=tuple(int((arrival - start).total_seconds()) for arrival, _ in instants),
        departure_s=tuple(int((departure - start).total_seconds()) for _, departure in instants),
        distance_m=distance_m,
        zones=tuple(call.airport for call in calls),
    )


def _title(flight: Flight, airports: Mapping[str, Station]) -> str:
    calls = flight.rows[0][1]
    ends = f"{airports[calls[0].airport].city} – {airports[calls[-1].airport].city}"
    return " ".join(filter(None, (flight.airline, flight.number))) + f": {ends}"
