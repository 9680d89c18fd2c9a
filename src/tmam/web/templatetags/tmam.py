"""Template words for money, times and texts by language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from django import template
from django.utils.translation import get_language

from tmam.catalog import when
from tmam.catalog.models import Date
from tmam.kernel.locales import format_locale
from tmam.kernel.money import Money
from tmam.kernel.texts import in_language as text_in_language
from tmam.kernel.zones import zone_short_name

register = template.Library()


def _locale() -> str:
    return format_locale(get_language() or "en")


@register.filter
def money(amount_minor: int, currency: str) -> str:
    """`{{ 4500|money:"EUR" }}` → €45.00 in the reader's way."""
    return Money(amount_minor, currency).format(_locale())


@register.filter
def in_language(texts: dict[str, str] | None) -> str:
    """The text of the reader's language, else English, else any."""
    return text_in_language(texts or {}, _locale())


@register.filter
def local_day(at: datetime, time_zone: str) -> str:
    """`Saturday, 5 December 2026`, on the clock of the place."""
    return format_date(at.astimezone(ZoneInfo(time_zone)).date(), format="full", locale=_locale())


@register.filter
def local_day_short(at: datetime, time_zone: str) -> str:
    """`Sat, 5 Dec 2026`, on the clock of the place."""
    return format_date(at.astimezone(ZoneInfo(time_zone)).date(), format="EEE, d MMM yyyy", locale=_locale())


@register.filter
def local_time(at: datetime, time_zone: str) -> str:
    """The time of day on the clock of the place, in the reader's way."""
    return format_time(at.astimezone(ZoneInfo(time_zone)), format="short", locale=_locale())


@register.filter
def zone_name(at: datetime, time_zone: str) -> str:
    """The zone at that moment, short: `CET`, `GMT-4`."""
    return zone_short_name(at.astimezone(ZoneInfo(time_zone)))


# A date of the catalogue, a moment or a span of days: `{{ date|when_short }}` (see `catalog.when`).
for _name, _words in {
    "is_span": when.is_span,
    "when_long": when.when_words,
    "when_short": when.short_when_words,
    "day_long": when.day_words,
    "day_short": when.short_day_words,
    "starts": when.start_words,
    "ends": when.end_words,
    "hours": when.hours_words,
    "opening": when.opening_words,
}.items():
    register.filter(_name, _words)


@register.filter
def doors(date: Date) -> str:
    """When the doors open; of several days with the day. Empty where nobody said."""
    return when.clock_words(date, date.doors_at) if date.doors_at else ""
