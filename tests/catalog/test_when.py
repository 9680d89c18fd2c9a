"""When a date takes place, in words: a moment or a span of days. No database: dates are built, not kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from tmam.catalog import when
from tmam.catalog.models import Date

OPENS = datetime(2026, 11, 1, 9, tzinfo=UTC)  # 10:00 in Madrid


def a_date(lasts: timedelta, **fields: object) -> Date:
    return Date(starts_at=OPENS, ends_at=OPENS + lasts, time_zone="Europe/Madrid", **fields)


@pytest.mark.parametrize(
    ("language", "long", "short", "opens", "closes"),
    [
        ("en", "1–30 November 2026", "1–30 Nov 2026", "1 Nov, 10:00", "30 Nov, 20:00"),
        ("es", "1–30 de noviembre de 2026", "1–30 nov 2026", "1 nov, 10:00", "30 nov, 20:00"),
    ],
)
def test_an_exhibition_is_a_span(language: str, long: str, short: str, opens: str, closes: str) -> None:
    exhibition = a_date(timedelta(days=29, hours=10))
    with translation.override(language):
        assert (when.day_words(exhibition), when.short_day_words(exhibition)) == (long, short)
        assert (when.when_words(exhibition), when.short_when_words(exhibition)) == (long, short)
        assert (when.start_words(exhibition), when.end_words(exhibition)) == (opens, closes)
        assert when.opening_words(exhibition)


def test_a_label_of_its_own_says_the_hours() -> None:
    assert when.opening_words(a_date(timedelta(days=30), label={"en": "Open day and night"})) == ""


def test_an_evening_into_the_night_is_one_moment() -> None:
    evening = a_date(timedelta(hours=20))
    with translation.override("en"):
        assert when.when_words(evening) == "Sunday, 1 November 2026, 10:00 CET"
        assert when.short_when_words(evening) == "Sun, 1 Nov 2026, 10:00 CET"
        assert (when.end_words(evening), when.opening_words(evening)) == ("06:00", "")


def test_a_trip_has_a_departure_however_long_it_takes() -> None:
    trip = a_date(timedelta(days=6), pattern=1)
    assert not when.is_span(trip)


def test_an_end_at_midnight_belongs_to_the_day_before() -> None:
    first, last = when.first_and_last_day(a_date(timedelta(days=2, hours=14)))
    assert (first.isoformat(), last.isoformat()) == ("2026-11-01", "2026-11-03")
