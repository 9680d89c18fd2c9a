"""When a date takes place, in words: the one place that knows whether it is a moment or a span of days.

All words are on the clock of the place and in the active language. What lasts longer than `LONGEST_MOMENT` (an
exhibition, a festival) is a span: "1–30 November 2026" instead of its first moment. An evening that ends after
midnight is not one, and neither is a trip, however long.
"""

from __future__ import annotations

import datetime as dt
from datetime import datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from django.utils.translation import get_language, gettext

from tmam.kernel.day_spans import day_span_words
from tmam.kernel.locales import format_locale
from tmam.kernel.texts import in_language
from tmam.kernel.zones import zone_short_name

LONGEST_MOMENT: Final = timedelta(hours=24)


class Dated(Protocol):
    """A date of the catalogue, or whatever else begins and ends somewhere: aware instants, an IANA name."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...

    @property
    def time_zone(self) -> str: ...


def is_span(date: Dated) -> bool:
    """Whether it is told as a span of days."""
    is_trip = getattr(date, "pattern", None) is not None or getattr(date, "stretch", None) is not None
    return not is_trip and date.ends_at - date.starts_at > LONGEST_MOMENT


def first_and_last_day(date: Dated) -> tuple[dt.date, dt.date]:
    """Its days on the clock of the place. What ends at midnight does not reach into the next day."""
    zone = ZoneInfo(date.time_zone)
    first = date.starts_at.astimezone(zone).date()
    last = (date.ends_at.astimezone(zone) - timedelta(microseconds=1)).date()
    return first, max(first, last)


def day_words(date: Dated) -> str:
    """`Saturday, 5 December 2026`, or `1–30 November 2026`."""
    if is_span(date):
        return day_span_words(*first_and_last_day(date), _locale())
    return format_date(first_and_last_day(date)[0], format="full", locale=_locale())


def short_day_words(date: Dated) -> str:
    """`Sat, 5 Dec 2026`, or `1–30 Nov 2026`."""
    if is_span(date):
        return day_span_words(*first_and_last_day(date), _locale(), is_short=True)
    return format_date(first_and_last_day(date)[0], format="EEE, d MMM yyyy", locale=_locale())


def start_words(date: Dated) -> str:
    """The hour it starts at; of a span with its day: `1 Nov, 10:00`."""
    return clock_words(date, date.starts_at)


def end_words(date: Dated) -> str:
    """The hour it ends at; of a span with its day: `30 Nov, 20:00`."""
    return clock_words(date, date.ends_at)


def clock_words(date: Dated, at: datetime) -> str:
    """An hour of this date, with its day where the date has several."""
    local = at.astimezone(ZoneInfo(date.time_zone))
    clock = format_time(local, format="short", locale=_locale())
    if not is_span(date):
        return clock
    return f"{format_date(local.date(), format='d MMM', locale=_locale())}, {clock}"


def zone_words(date: Dated) -> str:
    """The zone at its start, short: `CET`, `GMT-4`."""
    return zone_short_name(date.starts_at.astimezone(ZoneInfo(date.time_zone)))


def when_words(date: Dated) -> str:
    """`Saturday, 5 December 2026, 20:00 CET`, or `1–30 November 2026`."""
    return _with_clock(date, day_words(date))


def short_when_words(date: Dated) -> str:
    """`Sat, 5 Dec 2026, 20:00 CET`, or `1–30 Nov 2026`."""
    return _with_clock(date, short_day_words(date))


def hours_words(date: Dated) -> str:
    """The hours of a span in a few words: its own label, else that the organizer tells them; empty for a moment."""
    if not is_span(date):
        return ""
    return in_language(getattr(date, "label", {}), _locale()) or gettext("Daily, as told by the organizer")


def opening_words(date: Dated) -> str:
    """What is to be known of the hours of a span, a whole sentence; empty for a moment, and where its own label says it."""
    says_itself = any(getattr(date, "label", {}).values())
    return (
        gettext("Daily opening times: as told by the organizer.") if is_span(date) and not says_itself else ""
    )


def _with_clock(date: Dated, day: str) -> str:
    if is_span(date):
        return day
    return gettext("%(day)s, %(time)s %(zone)s") % {
        "day": day,
        "time": start_words(date),
        "zone": zone_words(date),
    }


def _locale() -> str:
    return format_locale(get_language() or "en")
