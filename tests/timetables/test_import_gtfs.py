"""A timetable is brought in: once, again, changed, broken, sold in between."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.cast import make_organizer, unique
from tests.timetables.feeds import COAST, write_feed, zip_feed
from tmam.catalog.models import Date, Event, SeatPlan, TicketType, Venue
from tmam.catalog.stop_patterns import StopPattern
from tmam.inventory.models import Counter
from tmam.organizers.models import Organizer
from tmam.tickets.models import SigningKey
from tmam.timetables.errors import FaresMissingError, FeedTakenError
from tmam.timetables.import_gtfs import import_gtfs
from tmam.timetables.import_lines import Report
from tmam.timetables.progress import Progress
from tmam.timetables.sale import Sale, TypeSale
from tmam.timetables.service_days import window_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
WINDOW = window_of(date(2026, 12, 2), 3)
ADULT = TypeSale(name={"en": "Adult", "es": "Adulto"}, price="30.00", steps=((50, "5.00"), (100, "9.50")))
SALE = Sale(capacity=200, types=(ADULT,))


class Railway:
    """An organizer with a timetable of its own."""

    def __init__(self, folder: Path) -> None:
        self.organizer: Organizer = make_organizer(name="Coast Railway")
        self.folder = folder
        self.feed = unique("coast")

    def imports(self, sale: Sale = SALE, path: Path | None = None, **changes: Any) -> Report:
        return import_gtfs(
            path or write_feed(self.folder, **changes),
            organizer=self.organizer,
            feed_name=self.feed,
            window=WINDOW,
            sale=sale,
            now=NOW,
            progress=Progress(None),
        )

    @property
    def event(self) -> Event:
        return Event.objects.get(organizer=self.organizer)

    def trip(self, key: str) -> Date:
        return Date.objects.get(event=self.event, trip_key=key)


@pytest.fixture
def railway(tmp_path: Path) -> Railway:
    return Railway(tmp_path / "feed")


def listed(report: Report) -> list[tuple[str, int, str]]:
    """Every kept error as file, line and what its code ends with."""
    return [(error.file, error.line, error.code.partition(".")[2]) for error in report.troubles.kept]


def sell_a_place(trip: Date, segment: int = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_counter SET sold = 1 WHERE event_id = %s AND date_ordinal = %s AND segment = %s",
            [trip.event_id, trip.ordinal, segment],
        )
        assert cursor.rowcount == 1


def test_a_line_goes_on_sale(railway: Railway) -> None:
    report = railway.imports()
    assert listed(report) == []
    assert report.tally.new == 6
    event = railway.event
    assert (event.kind, event.status, event.currency) == ("train", "on_sale", "EUR")
    assert event.title == {"en": "C1 · Coast line"}
    assert event.venue.name == "Alba"
    trips = Date.objects.filter(event=event).order_by("starts_at")
    assert [trip.starts_at.isoformat() for trip in trips[:2]] == [
        "2026-12-02T07:00:00+00:00",
        "2026-12-02T22:10:00+00:00",
    ]
    assert [trip.ordinal for trip in trips] == [1, 2, 3, 4, 5, 6]
    assert {trip.trip_code for trip in trips} == {"101", "901"}
    type_ = TicketType.objects.get(event=event)
    assert type_.fares == {"by": "distance", "steps": [[50, 500], [100, 950]]}
    assert SigningKey.objects.filter(event_id=event.id).count() == 1


def test_stops_collapse_into_stations_with_times_distances_and_zones(railway: Railway) -> None:
    railway.imports()
    day, night = StopPattern.objects.filter(event=railway.event).order_by("ordinal")
    names = dict(Venue.objects.filter(stop_code__startswith=f"{railway.feed}:").values_list("pk", "name"))
    assert [names[pk] for pk in day.venue_ids] == ["Alba", "Brea", "Cala", "Doma"]
    assert [names[pk] for pk in night.venue_ids] == ["Alba", "Brea", "Doma"]
    assert day.arrival_s == [0, 1200, 3000, 5400]
    assert day.departure_s == [0, 1320, 3060, 5400]
    assert day.zones == ["A", "B", "C", "C"]
    assert [round(metres / 1000) for metres in day.distance_m] == [0, 22, 67, 111]
    assert night.arrival_s == [0, 3000, 7200]
    zones = dict(Venue.objects.filter(pk__in=day.venue_ids).values_list("name", "time_zone"))
    assert zones["Cala"] == "Europe/Lisbon"
    assert zones["Doma"] == "Europe/Madrid"


def test_each_segment_of_each_trip_has_its_places(railway: Railway) -> None:
    railway.imports()
    counters = Counter.objects.filter(event_id=railway.event.id)
    segments = {(row.date_ordinal, row.segment): row.capacity for row in counters}
    assert len(segments) == 3 * (3 + 2)
    assert set(segments.values()) == {200}


def test_numbered_seats_make_one_plan(railway: Railway) -> None:
    railway.imports(Sale(seats="2x10x4", types=(ADULT,)))
    plan = SeatPlan.objects.get(venue=railway.event.venue)
    assert railway.event.seat_plan_id == plan.pk
    assert plan.seats.count() == 80
    assert set(Counter.objects.filter(event_id=railway.event.id).values_list("capacity", flat=True)) == {80}
    assert TicketType.objects.get(event=railway.event).is_seated


def test_importing_again_changes_nothing(railway: Railway) -> None:
    railway.imports()
    before = list(Date.objects.filter(event=railway.event).order_by("ordinal").values())
    again = railway.imports()
    assert (again.tally.new, again.tally.changed, again.tally.unchanged) == (0, 0, 6)
    assert list(Date.objects.filter(event=railway.event).order_by("ordinal").values()) == before
    assert StopPattern.objects.filter(event=railway.event).count() == 2
    assert SigningKey.objects.filter(event_id=railway.event.id).count() == 1


def test_a_killed_import_is_taken_up_where_it_stopped(railway: Railway, monkeypatch: Any) -> None:
    two_lines = {
        "routes": COAST["routes.txt"] + "R2,A,C2,Hill line,2\n",
        "trips": COAST["trips.txt"] + "R2,daily,u1,201\n",
        "stop_times": COAST["stop_times.txt"] + "u1,10:00:00,10:00:00,doma,1\nu1,11:00:00,11:00:00,alba1,2\n",
    }
    path = write_feed(railway.folder, **two_lines)

    class KilledError(BaseException):
        pass

    class Killed(Progress):
        def step(self, count: int = 1) -> None:
            if count == 6:  # the first line is in
                raise KilledError

    with pytest.raises(KilledError):
        import_gtfs(
            path,
            organizer=railway.organizer,
            feed_name=railway.feed,
            window=WINDOW,
            sale=SALE,
            now=NOW,
            progress=Killed(None),
        )
    assert Event.objects.filter(organizer=railway.organizer).count() == 1
    report = railway.imports(**two_lines)
    assert (report.tally.new, report.tally.unchanged) == (3, 6)
    assert Date.objects.filter(event__organizer=railway.organizer).count() == 9


def test_what_nobody_bought_follows_the_timetable(railway: Railway) -> None:
    railway.imports()
    later = COAST["stop_times.txt"].replace("t1,09:30:00,09:30:00,doma,4", "t1,09:45:00,09:45:00,doma,4")
    without_brea = "\n".join(line for line in later.splitlines() if not line.startswith("t2,24")) + "\n"
    report = railway.imports(stop_times=without_brea)
    assert (report.tally.changed, report.tally.kept) == (6, 0)
    trip = railway.trip("2026-12-03|t1")
    assert trip.ends_at.isoformat() == "2026-12-03T08:45:00+00:00"
    night = railway.trip("2026-12-03|t2")
    segments = Counter.objects.filter(event_id=night.event_id, date_ordinal=night.ordinal)
    assert sorted(segments.values_list("segment", flat=True)) == [0]


def test_what_is_sold_stays_and_is_told(railway: Railway) -> None:
    railway.imports()
    sold = railway.trip("2026-12-03|t1")
    sell_a_place(sold, segment=1)
    later = COAST["stop_times.txt"].replace("t1,08:00:00,08:00:00", "t1,08:05:00,08:05:00")
    report = railway.imports(stop_times=later)
    assert report.tally.changed == 2
    assert [(error.code, error.facts()["trip"], error.facts()["day"]) for error in report.troubles.kept] == [
        ("timetables.trip_sold", "t1", "2026-12-03")
    ]
    assert report.is_clean
    sold.refresh_from_db()
    assert sold.starts_at.isoformat() == "2026-12-03T07:00:00+00:00"
    assert railway.trip("2026-12-04|t1").starts_at.isoformat() == "2026-12-04T07:05:00+00:00"


def test_trips_that_are_gone_are_withdrawn_and_come_back(railway: Railway) -> None:
    railway.imports()
    sell_a_place(railway.trip("2026-12-02|t2"))
    gone = {
        "trips": COAST["trips.txt"].replace("R1,daily,t2,901\n", ""),
        "stop_times": "".join(
            f"{line}\n" for line in COAST["stop_times.txt"].splitlines() if not line.startswith("t2")
        ),
    }
    report = railway.imports(**gone)
    assert (report.tally.withdrawn, report.tally.kept) == (2, 1)
    assert railway.trip("2026-12-03|t2").is_cancelled
    assert not railway.trip("2026-12-02|t2").is_cancelled
    back = railway.imports()
    assert back.tally.changed == 2
    assert not railway.trip("2026-12-03|t2").is_cancelled


def test_a_line_that_is_gone_is_withdrawn_whole(railway: Railway) -> None:
    railway.imports()
    report = railway.imports(
        routes=COAST["routes.txt"].replace("R1", "R9"), trips=COAST["trips.txt"].replace("R1", "R9")
    )
    assert (report.tally.new, report.tally.withdrawn) == (6, 6)
    old = Event.objects.get(import_key=f"{railway.feed}:R1")
    assert old.title == {"en": "C1 · Coast line"}
    assert old.ticket_types.count() == 1
    assert not Date.objects.filter(event=old, is_cancelled=False).exists()


def test_places_grow_and_shrink_as_far_as_sales_allow(railway: Railway) -> None:
    railway.imports()
    crowded = railway.trip("2026-12-02|t1")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_counter SET sold = 150 WHERE event_id = %s AND date_ordinal = %s",
            [crowded.event_id, crowded.ordinal],
        )
    report = railway.imports(Sale(capacity=100, types=(ADULT,)))
    assert report.tally.kept == 1
    counters = Counter.objects.filter(event_id=crowded.event_id)
    assert set(counters.filter(date_ordinal=crowded.ordinal).values_list("capacity", flat=True)) == {200}
    assert set(counters.exclude(date_ordinal=crowded.ordinal).values_list("capacity", flat=True)) == {100}


def test_broken_rows_are_listed_and_the_rest_is_imported(railway: Railway) -> None:
    trips = (
        COAST["trips.txt"]
        + "R1,daily,bad1,\nR1,nowhere,bad2,\nR1,daily,t1,\nR1,daily,bad3,,too,many\nR1,daily,bad4,\n"
    )
    times = (
        COAST["stop_times.txt"]
        + "bad1,08:00:00,08:00:00,alba1,1\nbad1,8.30,8.30,brea,2\nbad1,09:00:00,09:00:00,doma,3\n"
        "bad4,10:00:00,10:00:00,alba1,1\nbad4,09:00:00,09:00:00,doma,2\n"
        "ghost,10:00:00,10:00:00,alba1,1\n"
    )
    report = railway.imports(trips=trips, stop_times=times)
    assert sorted(listed(report)) == sorted(
        [
            ("trips.txt", 5, "reference_unknown"),
            ("trips.txt", 6, "repeated"),
            ("trips.txt", 7, "row_unreadable"),
            ("stop_times.txt", 10, "value_wrong"),
            ("stop_times.txt", 14, "reference_unknown"),
            ("stop_times.txt", 13, "trip_unusable"),
        ]
    )
    assert not report.is_clean
    assert report.tally.new == 6


def test_a_trip_that_became_unreadable_is_not_withdrawn(railway: Railway) -> None:
    railway.imports()
    report = railway.imports(stop_times=COAST["stop_times.txt"].replace("t1,08:20:00", "t1,eight"))
    assert (report.tally.withdrawn, report.tally.unchanged) == (0, 3)
    assert not railway.trip("2026-12-03|t1").is_cancelled


def test_a_zip_file_is_the_same_wherever_its_tables_lie(railway: Railway) -> None:
    folder = write_feed(railway.folder)
    assert railway.imports(path=zip_feed(folder)).tally.new == 6
    assert railway.imports(path=zip_feed(folder, inside="gtfs/")).tally.unchanged == 6


def test_old_encodings_marks_quotes_and_line_ends(railway: Railway) -> None:
    stops = '\ufeff"stop_id",stop_name, stop_lat ,stop_lon,zone_id\r\n'
    stops += 'alba1,"Alba, ""la vieja""",40.0,0.0,\r\nalba2,Álba,40.0,0.1,\r\n\r\n'
    stops += "brea,Brea,40.2,0,\r\ncala,Peñíscola,40.6,0,\r\ndoma,Doma,41,0,\r\n"
    report = railway.imports(stops=stops)
    assert listed(report) == []
    assert Venue.objects.filter(stop_code=f"{railway.feed}:alba1").get().name == 'Alba, "la vieja"'
    latin = COAST["stops.txt"].replace("Cala", "Cádiz").encode("latin-1")
    report = railway.imports(stops=latin)
    assert listed(report) == [("stops.txt", 6, "encoding_guessed")]
    assert report.is_clean
    assert Venue.objects.get(stop_code=f"{railway.feed}:cala").name == "Cádiz"


def test_clocks_that_change_do_not_bend_trips(tmp_path: Path) -> None:
    """On 25 October 2026 Madrid's clocks go back at three; the service day counts from noon minus 12 hours."""
    railway = Railway(tmp_path / "feed")
    times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    times += "t1,01:30:00,01:30:00,alba1,1\nt1,04:30:00,04:30:00,doma,2\n"
    times += "t2,25:30:00,25:30:00,alba1,1\nt2,28:30:00,28:30:00,doma,2\n"
    import_gtfs(
        write_feed(railway.folder, stop_times=times),
        organizer=railway.organizer,
        feed_name=railway.feed,
        window=window_of(date(2026, 10, 24), 2),
        sale=SALE,
        now=datetime(2026, 10, 1, tzinfo=UTC),
        progress=Progress(None),
    )
    starts = {
        key: at.isoformat()
        for key, at in Date.objects.filter(event=railway.event).values_list("trip_key", "starts_at")
    }
    # From noon of the 24th (summer, 10:00 UTC): midnight is 22:00 UTC of the 23rd, 25:30 is 23:30 UTC.
    assert starts["2026-10-24|t2"] == "2026-10-24T23:30:00+00:00"
    # Noon of the 25th is winter's, so the day begins at 23:00 UTC, one hour after the clock's midnight.
    assert starts["2026-10-25|t1"] == "2026-10-25T00:30:00+00:00"
    assert StopPattern.objects.filter(event=railway.event).count() == 1


def test_runs_every_so_often(railway: Railway) -> None:
    runs = "trip_id,start_time,end_time,headway_secs\nt1,06:00:00,08:00:00,3600\n"
    report = railway.imports(frequencies=runs)
    assert report.tally.new == 3 * (2 + 1)
    keys = Date.objects.filter(event=railway.event, trip_key__startswith="2026-12-02|t1")
    assert sorted(keys.values_list("trip_key", flat=True)) == ["2026-12-02|t1@21600", "2026-12-02|t1@25200"]
    assert railway.imports(frequencies=runs).tally.unchanged == 9


def test_days_are_added_and_taken_away(railway: Railway) -> None:
    dates = "service_id,date,exception_type\ndaily,20261203,2\nextra,20261204,1\n"
    trips = COAST["trips.txt"].replace("R1,daily,t2", "R1,extra,t2")
    railway.imports(calendar_dates=dates, trips=trips)
    keys = Date.objects.filter(event=railway.event).values_list("trip_key", flat=True)
    assert sorted(keys) == ["2026-12-02|t1", "2026-12-04|t1", "2026-12-04|t2"]


def test_prices_of_the_feed_itself(railway: Railway) -> None:
    fares = "fare_id,price,currency_type,payment_method,transfers\nshort,4.50,GBP,1,0\nlong,12,GBP,1,0\n"
    rules = "fare_id,route_id,origin_id,destination_id\nshort,,A,B\nshort,,B,A\nlong,,A,C\n"
    report = railway.imports(Sale(capacity=50), fare_attributes=fares, fare_rules=rules)
    assert listed(report) == []
    type_ = TicketType.objects.get(event=railway.event)
    assert type_.fares == {"by": "zones", "prices": {"A B": 450, "A C": 1200}}
    assert (type_.price_minor, railway.event.currency) == (1200, "GBP")


def test_without_prices_nothing_is_sold(railway: Railway) -> None:
    with pytest.raises(FaresMissingError):
        railway.imports(Sale(capacity=50))
    assert not Event.objects.filter(organizer=railway.organizer).exists()


def test_another_organizers_timetable_is_not_touched(railway: Railway, tmp_path: Path) -> None:
    railway.imports()
    other = Railway(tmp_path / "other")
    other.feed = railway.feed
    with pytest.raises(FeedTakenError):
        other.imports()
    assert not Event.objects.filter(organizer=other.organizer).exists()


def test_where_one_may_only_get_on_or_off(railway: Railway) -> None:
    times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
    times += "t1,08:00:00,08:00:00,alba1,1,0,1\nt1,08:20:00,08:22:00,brea,2,0,1\n"
    times += "t1,08:40:00,08:41:00,cala,3,1,1\nt1,09:30:00,09:30:00,doma,4,1,0\n"
    trips = COAST["trips.txt"].replace("R1,daily,t2,901\n", "")
    railway.imports(stop_times=times, trips=trips)
    pattern = StopPattern.objects.get(event=railway.event)
    assert len(pattern.venue_ids) == 3
    assert (pattern.no_boarding, pattern.no_alighting) == ([], [1])


def test_holds_of_a_stranger_count_as_reserved(railway: Railway) -> None:
    """A trip with a place in somebody's basket is not moved under their feet."""
    railway.imports()
    trip = railway.trip("2026-12-04|t2")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_counter SET held = 1 WHERE event_id = %s AND date_ordinal = %s AND segment = 0",
            [trip.event_id, trip.ordinal],
        )
    report = railway.imports(
        stop_times=COAST["stop_times.txt"].replace("t2,23:10:00,23:10:00", "t2,23:15:00,23:15:00")
    )
    assert report.tally.kept == 1
