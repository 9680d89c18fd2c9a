"""Flights from a table: clocks of two places, stops on the way, broken rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.cast import make_organizer, unique
from tmam.catalog.models import Date, Event, TicketType, Venue
from tmam.catalog.stop_patterns import StopPattern
from tmam.inventory.models import Counter
from tmam.timetables.errors import ColumnMissingError, SourceUnreadableError
from tmam.timetables.import_flights import import_flights
from tmam.timetables.import_lines import Report
from tmam.timetables.progress import Progress
from tmam.timetables.sale import Sale
from tmam.timetables.service_days import window_of

pytestmark = pytest.mark.django_db

HEAD = "flight,airline,from,to,departs,arrives,days,first,last,via,price,stretch_prices,seats\n"
ACROSS = "ZZ 101,Clara Air,MAD,SDQ,10:15,14:20,daily,,,,389.00,,180\n"


class Airline:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.organizer = make_organizer(name="Clara Air")
        self.feed = unique("clara")

    def imports(self, rows: str, first: date = date(2026, 12, 2), airports: str = "") -> Report:
        path = self.folder / "flights.csv"
        path.write_text(HEAD + rows, encoding="utf-8")
        own = None
        if airports:
            own = self.folder / "airports.csv"
            own.write_text(airports, encoding="utf-8")
        return import_flights(
            path,
            airports_path=own,
            organizer=self.organizer,
            feed_name=self.feed,
            window=window_of(first, 7),
            sale=Sale(),
            now=datetime(2026, 10, 1, tzinfo=UTC),
            progress=Progress(None),
        )

    def event(self, number: str) -> Event:
        return Event.objects.get(import_key=f"{self.feed}:{number}")


@pytest.fixture
def airline(tmp_path: Path) -> Airline:
    return Airline(tmp_path)


def test_a_flight_over_the_ocean(airline: Airline) -> None:
    report = airline.imports(ACROSS)
    assert report.is_clean
    event = airline.event("ZZ 101")
    assert event.title == {"en": "Clara Air ZZ 101: Madrid – Santo Domingo"}
    assert event.kind == "flight"
    first = Date.objects.filter(event=event).order_by("starts_at")[0]
    assert first.starts_at.isoformat() == "2026-12-02T09:15:00+00:00"
    assert first.ends_at.isoformat() == "2026-12-02T18:20:00+00:00"
    assert first.time_zone == "Europe/Madrid"
    assert TicketType.objects.get(event=event).price_minor == 38_900
    assert set(Counter.objects.filter(event_id=event.id).values_list("capacity", flat=True)) == {180}
    madrid = Venue.objects.get(stop_code="iata:MAD")
    assert (madrid.city, madrid.change_minutes) == ("Madrid", 60)


def test_arrivals_on_the_next_and_the_previous_day_of_the_calendar(airline: Airline) -> None:
    airline.imports(
        "ZZ 7,,JFK,MAD,19:00,08:15,daily,,,,410,,30x6\nZZ 8,,SYD,LAX,21:00,15:30,daily,,,,900,,300\n"
    )
    hours = {
        number: (trip.ends_at - trip.starts_at).total_seconds() / 3600
        for number in ("ZZ 7", "ZZ 8")
        for trip in Date.objects.filter(event=airline.event(number))[:1]
    }
    assert hours == {"ZZ 7": 7.25, "ZZ 8": 13.5}


def test_a_week_in_which_the_clocks_change_has_two_patterns(airline: Airline) -> None:
    """Madrid leaves summer time on 25 October 2026, Santo Domingo has none."""
    airline.imports(ACROSS, first=date(2026, 10, 22))
    lengths = StopPattern.objects.filter(event=airline.event("ZZ 101")).order_by("ordinal")
    assert [pattern.arrival_s[-1] for pattern in lengths] == [36_300, 32_700]


def test_stops_on_the_way_with_their_prices(airline: Airline) -> None:
    row = "ZZ 5,,MAD,LIM,08:00,21:10,135,,,BOG 12:30 14:00,700,MAD-BOG 520;BOG-LIM 210.50,30x6\n"
    report = airline.imports(row)
    assert report.is_clean
    event = airline.event("ZZ 5")
    pattern = StopPattern.objects.get(event=event)
    assert pattern.zones == ["MAD", "BOG", "LIM"]
    assert TicketType.objects.get(event=event).fares == {
        "by": "zones",
        "prices": {"BOG MAD": 52_000, "BOG LIM": 21_050},
    }
    assert event.seat_plan is not None
    assert event.seat_plan.seats.count() == 180
    days = Date.objects.filter(event=event).order_by("starts_at").values_list("starts_at", flat=True)
    assert [day.isoweekday() for day in days] == [3, 5, 1]


def test_broken_rows_are_listed_and_the_others_fly(airline: Airline) -> None:
    report = airline.imports(
        "ZZ 1,,MAD,XXX,10:00,12:00,daily,,,,50,,100\n"
        "ZZ 2,,MAD,BCN,25:00,12:00,daily,,,,50,,100\n"
        "ZZ 3,,MAD,BCN,10:00,11:15,daily,,,,free,,100\n"
        "ZZ 4,,MAD,BCN,10:00,11:15,8,,,,50,,100\n"
        "ZZ 5,,MAD,BCN,10:00,11:15,daily,,,,50,,many\n"
        "ZZ 6,,MAD,MAD,10:00,11:15,daily,,,,50,,100\n"
        "not a flight,,MAD,BCN,10:00,11:15,daily,,,,50,,100\n"
        "ZZ 9,,MAD,BCN,10:00,11:15,daily,,,,50,,100\n"
        "ZZ 9,,MAD,BCN,18:00,19:15,2026-12-04,,,,50,,100\n"
        "ZZ 9,,MAD,BCN,18:00,19:15,2026-12-24,,,,60,,100\n"
        "ZZ 10,,MAD,BCN,10:00,09:55,daily,,,,50,,100\n"
        "ZZ 11,,MAD,BCN,10:00,11:00,daily,,,BIO 10:20,50,,100\n"
    )
    assert [(error.line, error.facts().get("column", "trip")) for error in report.troubles.kept] == [
        (2, "to"),
        (3, "departs"),
        (4, "price"),
        (5, "days"),
        (6, "seats"),
        (7, "to"),
        (8, "flight"),
        (10, "days"),
        (11, "price"),
        (13, "via"),
        (12, "trip"),
    ]
    assert report.tally.new == 7
    assert airline.imports("ZZ 9,,MAD,BCN,10:00,11:15,daily,,,,50,,100\n").tally.unchanged == 7


def test_the_table_brings_its_own_airports(airline: Airline) -> None:
    airports = "iata,name,city,country,latitude,longitude,time_zone,change_minutes\n"
    airports += (
        "QQA,Campo Alto,Alto,DO,19.1,-70.6,America/Santo_Domingo,20\nQQB,Nowhere,No,DO,19,-70,Mars/Base,\n"
    )
    report = airline.imports("ZZ 1,,QQA,SDQ,10:00,10:40,daily,,,,50,,9\n", airports=airports)
    assert [(error.file, error.line) for error in report.troubles.kept] == [("airports.csv", 3)]
    assert Venue.objects.get(stop_code="iata:QQA").change_minutes == 20


def test_a_flight_that_is_gone_is_withdrawn(airline: Airline) -> None:
    airline.imports(ACROSS + "ZZ 9,,MAD,BCN,10:00,11:15,daily,,,,50,,100\n")
    report = airline.imports(ACROSS)
    assert (report.tally.unchanged, report.tally.withdrawn) == (7, 7)


def test_files_that_cannot_be_read(airline: Airline, tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadableError):
        import_flights(
            tmp_path / "none.csv",
            airports_path=None,
            organizer=airline.organizer,
            feed_name=airline.feed,
            window=window_of(date(2026, 12, 1), 1),
            sale=Sale(),
            now=datetime(2026, 12, 1, tzinfo=UTC),
            progress=Progress(None),
        )
    (tmp_path / "flights.csv").write_text("flight,from\nZZ 1,MAD\n")
    with pytest.raises(ColumnMissingError):
        import_flights(
            tmp_path / "flights.csv",
            airports_path=None,
            organizer=airline.organizer,
            feed_name=airline.feed,
            window=window_of(date(2026, 12, 1), 1),
            sale=Sale(),
            now=datetime(2026, 12, 1, tzinfo=UTC),
            progress=Progress(None),
        )
