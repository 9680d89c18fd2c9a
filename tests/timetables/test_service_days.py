from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from tmam.timetables.service_days import Service, day_start, parse_day, parse_time, window_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00:00", 0),
        ("8:05:01", 29_101),
        ("25:35:00", 92_100),
        ("240:00:00", 864_000),
        ("241:00:00", None),
        ("8:5:00", None),
        ("08:60:00", None),
        ("-1:00:00", None),
        ("٠٨:٠٠:٠٠", None),
        ("08:00", None),
    ],
)
def test_times_of_a_service_day(text: str, seconds: int | None) -> None:
    assert parse_time(text) == seconds


def test_days() -> None:
    assert parse_day("20261231") == date(2026, 12, 31)
    assert parse_day("20260230") is None
    assert parse_day("2026-12-31") is None


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2026, 3, 28), "2026-03-27T23:00:00+00:00"),
        (date(2026, 3, 29), "2026-03-28T22:00:00+00:00"),
        (date(2026, 10, 24), "2026-10-23T22:00:00+00:00"),
        (date(2026, 10, 25), "2026-10-24T23:00:00+00:00"),
    ],
    ids=["before spring", "clocks go forward", "before autumn", "clocks go back"],
)
def test_a_service_day_begins_twelve_hours_before_noon(day: date, start: str) -> None:
    assert day_start(day, ZoneInfo("Europe/Madrid")).isoformat() == start


def test_weekdays_with_exceptions() -> None:
    service = Service(frozenset({0, 1}), date(2026, 12, 1), date(2026, 12, 14))
    service.added = {date(2026, 12, 6), date(2026, 12, 30)}
    service.removed = {date(2026, 12, 7)}
    found = [day.day for day in service.days(window_of(date(2026, 11, 30), 31))]
    assert found == [1, 6, 8, 14, 30]
