"""The calendar file, parsed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest
from icalendar import Calendar

from tmam.delivery.calendar import CalendarEntry, event_calendar

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ENTRY = CalendarEntry(
    uid="2D-7K2M9Q.3@tmam.example",
    title="Carmen; ópera, en 3 actos",
    starts_at=datetime(2027, 7, 3, 18, 0, tzinfo=UTC),
    ends_at=datetime(2027, 7, 3, 21, 0, tzinfo=UTC),
    time_zone="Europe/Madrid",
    location="Teatro Real, Plaza de Isabel II, Madrid",
    description="Localizador: 2D-7K2M9Q\nhttps://tmam.example/me/orders/2D-7K2M9Q/",
    reminder="Mañana: Carmen",
    organizer_name='Teatro "Real"',
    organizer_email="hola@teatro.example",
    url="https://tmam.example/me/orders/2D-7K2M9Q/",
    latitude=40.4181,
    longitude=-3.7105,
    sequence=2,
)


def test_read_back_as_written() -> None:
    calendar = Calendar.from_ical(event_calendar([ENTRY], NOW))
    assert (calendar["version"], calendar["method"]) == ("2.0", "PUBLISH")
    (event,) = calendar.walk("VEVENT")
    assert (event["uid"], event["sequence"], event["status"]) == (ENTRY.uid, 2, "CONFIRMED")
    assert (event["summary"], event["location"], event["description"]) == (
        ENTRY.title,
        ENTRY.location,
        ENTRY.description,
    )
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (ENTRY.starts_at, ENTRY.ends_at)
    assert event["dtstart"].params["TZID"] == "Europe/Madrid"
    assert event.decoded("dtstamp") == NOW
    assert event["organizer"] == "mailto:hola@teatro.example"
    assert event["organizer"].params["CN"] == "Teatro 'Real'"
    assert (event["geo"].latitude, event["geo"].longitude) == (40.4181, -3.7105)
    (alarm,) = event.walk("VALARM")
    assert (alarm.decoded("trigger"), alarm["description"]) == (-timedelta(days=1), "Mañana: Carmen")


def test_the_zone_is_defined_with_summer_and_winter_time() -> None:
    calendar = Calendar.from_ical(event_calendar([ENTRY], NOW))
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["tzid"] == "Europe/Madrid"
    assert {part.name for part in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}
    assert {part.decoded("tzoffsetto") for part in zone.subcomponents} == {
        timedelta(hours=1),
        timedelta(hours=2),
    }


def test_several_dates_in_several_zones() -> None:
    other = replace(ENTRY, uid="x@y", time_zone="America/Santo_Domingo", latitude=None, url="")
    calendar = Calendar.from_ical(event_calendar([ENTRY, other], NOW))
    assert {zone["tzid"] for zone in calendar.walk("VTIMEZONE")} == {"Europe/Madrid", "America/Santo_Domingo"}
    assert "geo" not in calendar.walk("VEVENT")[1]


def test_a_cancelled_date_is_said_and_reminds_nobody() -> None:
    calendar = Calendar.from_ical(event_calendar([replace(ENTRY, is_cancelled=True)], NOW))
    (event,) = calendar.walk("VEVENT")
    assert event["status"] == "CANCELLED"
    assert event.walk("VALARM") == []


@pytest.mark.parametrize(
    ("starts_in", "lasts", "transparency", "alarms"),
    [
        (timedelta(days=3), timedelta(hours=24), "OPAQUE", 1),
        (timedelta(days=3), timedelta(hours=24, seconds=1), "TRANSPARENT", 0),
        (timedelta(days=-3), timedelta(days=30), "TRANSPARENT", 0),
        (timedelta(days=1), timedelta(hours=2), "OPAQUE", 0),
        (timedelta(hours=-1), timedelta(hours=2), "OPAQUE", 0),
    ],
)
def test_long_dates_fill_no_days_and_nothing_reminds_in_the_past(
    starts_in: timedelta, lasts: timedelta, transparency: str, alarms: int
) -> None:
    entry = replace(ENTRY, starts_at=NOW + starts_in, ends_at=NOW + starts_in + lasts)
    (event,) = Calendar.from_ical(event_calendar([entry], NOW)).walk("VEVENT")
    assert event["transp"] == transparency
    assert len(event.walk("VALARM")) == alarms


def test_lines_are_folded_and_nothing_can_be_smuggled_in() -> None:
    wicked = "X\r\nEND:VEVENT\nBEGIN:VEVENT\x00\nSUMMARY:hacked" + "ñ" * 200
    content = event_calendar(
        [replace(ENTRY, title=wicked, organizer_name=wicked, organizer_email=wicked)], NOW
    )
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    assert event["summary"] == wicked.replace("\r", "").replace("\x00", "")


def test_an_unknown_zone_is_a_programming_error() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        event_calendar([replace(ENTRY, time_zone="Mars/Olympus")], NOW)
