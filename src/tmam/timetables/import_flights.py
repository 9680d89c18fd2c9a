"""Flights from a table on sale: `tmam import flights`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from tmam.kernel.money import minor_units
from tmam.organizers.models import Organizer
from tmam.timetables.airports import read_airports
from tmam.timetables.import_lines import Report, Source, import_lines
from tmam.timetables.lines import Line, Station
from tmam.timetables.progress import Progress
from tmam.timetables.read_flights import Flight, flight_lines, read_flights
from tmam.timetables.sale import LineTerms, Sale, TypeSale, parse_seats, type_terms


def import_flights(
    path: Path,
    *,
    airports_path: Path | None,
    organizer: Organizer,
    feed_name: str,
    window: Sequence[date],
    sale: Sale,
    now: datetime,
    progress: Progress,
) -> Report:
    """Import the flights of some days, as `import_gtfs` does trips. Prices and seats are the table's own.

    Raises:
        TimetableError: a file cannot be read at all or lacks a column.
    """
    report = Report()
    airports = read_airports(airports_path, report.troubles)
    flights = read_flights(path, airports, window, sale.currency, report.troubles)
    used = _used(flights, airports)
    progress.start(
        "flights imported", total=sum(len(days) for flight in flights.values() for _, _, days in flight.rows)
    )
    source = Source(feed_name, path.name, window)

    def terms(line: Line) -> LineTerms:
        flight = flights.get(line.key)
        return _terms(flight, sale) if flight else LineTerms(sale, (), 0)

    lines = flight_lines(flights, used, path.name, report.troubles)
    import_lines(
        lines,
        list(used.values()),
        terms,
        source=source,
        is_whole=lambda: report.is_clean,
        organizer=organizer,
        now=now,
        report=report,
        progress=progress,
    )
    progress.finish()
    return report


def _used(flights: Mapping[str, Flight], airports: Mapping[str, Station]) -> dict[str, Station]:
    codes = {call.airport for flight in flights.values() for _, calls, _ in flight.rows for call in calls}
    return {code: station for code, station in airports.items() if code in codes}


def _terms(flight: Flight, sale: Sale) -> LineTerms:
    """A flight's terms: the sale file's ticket types at the table's prices, or one type if it names none."""
    names = sale.types or (TypeSale(name={"en": "Economy", "es": "Turista"}, price="0", asks_name=True),)
    zones = {pair: minor_units(price, sale.currency) for pair, price in flight.stretch_prices.items()}
    types = tuple(
        replace(
            type_terms(type_, sale.currency),
            price_minor=minor_units(flight.price, sale.currency),
            fares={"by": "zones", "prices": zones} if zones else {},
        )
        for type_ in names[:1]
    )
    is_counted = flight.seats.isdigit()
    coaches = None if is_counted else parse_seats(flight.seats)
    return LineTerms(
        sale=sale,
        types=types,
        capacity=int(flight.seats) if is_counted else 0,
        coaches=coaches,
        summary=sale.summary,
        description=sale.description,
    )
