"""Journeys with their prices, places and clocks, from the catalogue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.timetables.trains import make_trains
from tmam.catalog.models import Date, Event
from tmam.catalog.rules import SaleState
from tmam.timetables.journeys import Journey, Ride, journeys_after, journeys_before, view_journeys
from tmam.timetables.load_timetable import CHECK_EVERY_S, Loaded, Timetables
from tmam.timetables.stations import Stop

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)


@pytest.fixture
def lines(tmp_path: Path) -> dict[str, Event]:
    return make_trains(tmp_path / "feed", NOW)


def loaded_now() -> Loaded:
    return Timetables(clock=lambda: 0.0).around(NOW)


def stop(loaded: Loaded, name: str) -> Stop:
    (found,) = loaded.stations.find(name)
    return found


def journeys(origin: str, target: str, count: int = 3, at: datetime = NOW) -> list[Journey]:
    loaded = loaded_now()
    rides = journeys_after(loaded, stop(loaded, origin), stop(loaded, target), at, count)
    return view_journeys(rides, loaded.stations.by_venue, NOW)


def test_a_direct_journey_with_price_and_places(lines: dict[str, Event]) -> None:
    first = journeys("alba", "cala", 1)[0]
    (ride,) = first.rides
    assert ride.event == lines["R1"]
    assert (ride.ride.from_stop, ride.ride.to_stop) == (0, 2)
    assert first.departs_at.isoformat() == "2026-12-01T08:00:00+01:00"
    assert first.arrives_at.isoformat() == "2026-12-01T07:50:00+00:00"  # Cala keeps Lisbon's time
    assert first.duration == timedelta(minutes=50)
    assert (first.price_from_minor, first.currency, first.left) == (950, "EUR", 9)
    assert first.state is SaleState.FEW


def test_a_change_takes_the_least_time_of_the_station(lines: dict[str, Event]) -> None:
    """The train of 08:24 leaves four minutes after the arrival: one less than the setting asks for."""
    first = journeys("alba", "elm", 1)[0]
    assert [ride.date.trip_code for ride in first.rides] == ["101", "201"]
    assert first.changes == 1
    assert first.price_from_minor == 500 + 500
    assert (first.rides[0].left, first.rides[1].left) == (9, 40)


def test_a_place_sold_on_one_segment_is_missing_on_the_stretch_over_it(lines: dict[str, Event]) -> None:
    date = Date.objects.get(event=lines["R1"], trip_key="2026-12-01|t1")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inventory_counter SET sold = 9 WHERE event_id = %s AND date_ordinal = %s AND segment = 1",
            [lines["R1"].id, date.ordinal],
        )
    loaded = loaded_now()
    rides = [[Ride(lines["R1"].id, date.ordinal, *stops)] for stops in ((0, 1), (0, 2), (2, 3))]
    assert [each.left for each in view_journeys(rides, loaded.stations.by_venue, NOW)] == [9, 0, 9]


def test_earlier_ones_and_those_over_midnight(lines: dict[str, Event]) -> None:
    loaded = loaded_now()
    ends = stop(loaded, "alba"), stop(loaded, "doma")
    evening = NOW + timedelta(hours=14)
    before = journeys_before(loaded, *ends, evening, not_before=NOW, count=5)
    after = journeys_after(loaded, *ends, evening, 1)
    views = view_journeys([*before, *after], loaded.stations.by_venue, NOW)
    assert [each.rides[0].date.trip_key for each in views] == ["2026-12-01|t1", "2026-12-01|t2"]
    assert views[1].arrives_at.isoformat() == "2026-12-02T01:10:00+01:00"


def test_a_trip_that_has_left_a_stop_is_over_there_and_open_further_on(lines: dict[str, Event]) -> None:
    date = Date.objects.get(event=lines["R1"], trip_key="2026-12-01|t1")
    loaded = loaded_now()
    at = datetime(2026, 12, 1, 7, 30, tzinfo=UTC)
    rides = [[Ride(lines["R1"].id, date.ordinal, *stops)] for stops in ((0, 3), (2, 3))]
    states = [each.state for each in view_journeys(rides, loaded.stations.by_venue, at)]
    assert states == [SaleState.ENDED, SaleState.FEW]


@pytest.mark.parametrize("ride", [(0, 0, 1), (1, 1, 0), (1, 0, 9), (9999, 0, 1)])
def test_rides_that_do_not_exist_are_left_out(lines: dict[str, Event], ride: tuple[int, int, int]) -> None:
    assert view_journeys([[Ride(lines["R1"].id, *ride)]], loaded_now().stations.by_venue, NOW) == []


def test_the_kept_timetable_follows_the_catalogue(lines: dict[str, Event]) -> None:
    moments = [0.0]
    kept = Timetables(clock=lambda: moments[0])
    first = kept.around(NOW)
    Date.objects.filter(event=lines["R1"], trip_key="2026-12-01|t1").update(is_cancelled=True)
    assert kept.around(NOW) is first
    moments[0] += CHECK_EVERY_S + 1
    second = kept.around(NOW)
    assert second is not first
    assert sum(len(lane.trips) for lane in second.timetable.lanes) == (
        sum(len(lane.trips) for lane in first.timetable.lanes) - 1
    )
    moments[0] += CHECK_EVERY_S + 1
    assert kept.around(NOW) is second


def test_a_bounded_number_of_days_is_kept(lines: dict[str, Event]) -> None:
    kept = Timetables(clock=lambda: 0.0)
    first = kept.around(NOW)
    for days in range(1, 9):
        kept.around(NOW + timedelta(days=days))
    assert kept.around(NOW) is not first
