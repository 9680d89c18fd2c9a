from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cast import make_event
from tests.timetables.trains import make_trains
from tmam.catalog.models import Date
from tmam.catalog.stretches import stretch_dates

pytestmark = pytest.mark.django_db


def test_a_trip_as_one_passenger_sees_it(tmp_path: Path) -> None:
    lines = make_trains(tmp_path / "feed", datetime(2026, 12, 1, tzinfo=UTC))
    trip = Date.objects.get(event=lines["R1"], trip_key="2026-12-01|t1")
    shown = stretch_dates([(trip, 1, 2)])[lines["R1"].id, trip.ordinal, 1, 2]
    assert str(shown.stretch) == "Brea → Cala"
    assert shown.starts_at.isoformat() == "2026-12-01T07:22:00+00:00"
    assert shown.ends_at.isoformat() == "2026-12-01T07:50:00+00:00"
    assert shown.time_zone == "Europe/Madrid"
    assert trip.stretch is None
    assert trip.starts_at.isoformat() == "2026-12-01T07:00:00+00:00"


def test_other_dates_and_stops_that_are_none_have_no_stretch(tmp_path: Path) -> None:
    lines = make_trains(tmp_path / "feed", datetime(2026, 12, 1, tzinfo=UTC))
    trip = Date.objects.get(event=lines["R1"], trip_key="2026-12-01|t1")
    concert = make_event().dates.get()
    assert stretch_dates([(concert, 0, 1), (trip, 0, 0), (trip, 2, 1), (trip, 0, 9)]) == {}
