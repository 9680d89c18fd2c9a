"""Event dates for a calendar: iCalendar (RFC 5545), on the clock of the place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, vCalAddress, vText
from icalendar import Event as CalendarEvent

PRODUCT = "-//tmam//tickets//EN"
REMIND_BEFORE = timedelta(days=1)
# What lasts longer (a pass, an exhibition) fills nobody's days and has no hour to be reminded of.
LONGEST_BUSY = timedelta(hours=24)


@dataclass(frozen=True)
class CalendarEntry:
    """One date as a calendar shows it.

    `uid` must stay the same for the same booking and date, and `sequence` rise when the date is moved: then
    calendars change the entry instead of adding another. Instants are aware; `time_zone` is an IANA name.
    `days` are the first and last day of a date that is told as a span of days: whole days in the calendar.
    """

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    location: str
    description: str
    reminder: str
    organizer_name: str
    organizer_email: str
    url: str = ""
    latitude: float | None = None
    longitude: float | None = None
    sequence: int = 0
    is_cancelled: bool = False
    days: tuple[date, date] | None = None


def event_calendar(entries: Sequence[CalendarEntry], made_at: datetime) -> bytes:
    """A calendar file with these entries and the zones they name; each reminds a day ahead, if that is still to come at `made_at`.

    A date of more than `LONGEST_BUSY` is shown as free time (TRANSP:TRANSPARENT, RFC 5545 3.8.2.7) and reminds of nothing.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: an unknown time zone.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        calendar.add_component(_event(entry, made_at))
    # From a year before to a year after: RFC 5545 asks that each zone be defined for the times that use it.
    if entries:
        first = min(entry.starts_at for entry in entries).date() - timedelta(days=366)
        last = max(entry.ends_at for entry in entries).date() + timedelta(days=366)
        calendar.add_missing_timezones(first_date=first, last_date=last)
    content: bytes = calendar.to_ical()
    return content


def _event(entry: CalendarEntry, made_at: datetime) -> CalendarEvent:
    zone = ZoneInfo(entry.time_zone)
    is_long = entry.ends_at - entry.starts_at > LONGEST_BUSY
    event = CalendarEvent()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", made_at.astimezone(UTC))
    if entry.days is not None:
        # VALUE=DATE; the end is the first day after it (RFC 5545 3.6.1).
        event.add("dtstart", entry.days[0])
        event.add("dtend", entry.days[1] + timedelta(days=1))
    else:
        event.add("dtstart", entry.starts_at.astimezone(zone))
        event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("summary", _plain(entry.title))
    event.add("location", _plain(entry.location))
    event.add("description", _plain(entry.description))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_long else "OPAQUE")
    if entry.url:
        event.add("url", entry.url)
    if entry.latitude is not None and entry.longitude is not None:
        event.add("geo", (entry.latitude, entry.longitude))
    organizer = vCalAddress(f"mailto:{_one_line(entry.organizer_email)}")
    organizer.params["CN"] = vText(_one_line(entry.organizer_name).replace('"', "'"))
    event.add("organizer", organizer)
    if not entry.is_cancelled and not is_long and entry.starts_at - REMIND_BEFORE > made_at:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -REMIND_BEFORE)
        alarm.add("description", _plain(entry.reminder))
        event.add_component(alarm)
    return event


def _one_line(text: str) -> str:
    return " ".join(_plain(text).split())


def _plain(text: str) -> str:
    """Without control characters, which the format cannot carry; line breaks stay."""
    return "".join(char for char in text if char >= " " or char == "\n").replace("\x7f", "")
