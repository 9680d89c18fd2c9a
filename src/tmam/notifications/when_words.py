"""When something takes place, in the reader's words and on the clock of the place."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from django.utils.translation import get_language, gettext

from tmam.catalog import when
from tmam.catalog.models import Date, Venue
from tmam.kernel.locales import format_locale
from tmam.kernel.money import Money
from tmam.kernel.texts import in_language as text_in_language
from tmam.kernel.zones import zone_short_name


def when_words(date: Date) -> str:
    """`Saturday, 5 December 2026, 20:00 CET`; of several days `1–30 November 2026` and what its hours are."""
    return " · ".join(filter(None, (when.when_words(date), when.hours_words(date))))


def moment_words(at: datetime, time_zone: str) -> str:
    """An instant with weekday and zone."""
    local = at.astimezone(ZoneInfo(time_zone))
    return gettext("%(day)s, %(time)s %(zone)s") % {
        "day": format_date(local.date(), format="full", locale=_locale()),
        "time": clock_words(at, time_zone),
        "zone": zone_short_name(local),
    }


def clock_words(at: datetime, time_zone: str) -> str:
    """The time of day."""
    return format_time(at.astimezone(ZoneInfo(time_zone)), format="short", locale=_locale())


def short_day_words(date: Date) -> str:
    """`Sat, 5 Dec 2026`, or `1–30 Nov 2026`."""
    return when.short_day_words(date)


def ends_words(date: Date) -> str:
    """The hour it ends; of several days with its day: `30 Nov, 20:00`."""
    return when.end_words(date)


def doors_words(date: Date) -> str:
    """When the doors open; of several days with the day. Empty where nobody said."""
    return when.clock_words(date, date.doors_at) if date.doors_at else ""


def where_words(venue: Venue) -> str:
    """Name and address of a venue, in one line."""
    town = f"{venue.postal_code} {venue.city}".strip()
    return ", ".join(part for part in (venue.name, venue.street, town) if part)


def money_words(amount_minor: int, currency: str) -> str:
    """An amount in the reader's way."""
    return Money(amount_minor, currency).format(_locale())


def in_language(texts: dict[str, str]) -> str:
    """The text of the reader's language, else English, else any."""
    return text_in_language(texts, _locale())


def _locale() -> str:
    return format_locale(get_language() or "en")
