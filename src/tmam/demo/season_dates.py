"""From date rules to instants: pure, with the moment of loading as an argument."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812 — "date" here is a dated occurrence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tmam.demo.season_files import DateRule, EventEntry, Slots

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SALES_OPEN_AT = time(10, 0)
SALES_OPENED_DAYS_AGO = 30
OPENED_AGO = timedelta(hours=1)
# A rule finds its days within this time, or it has a mistake (a season that never comes).
HORIZON_DAYS = 800


@dataclass(frozen=True)
class PlannedDate:
    """One dated occurrence; instants carry the venue's zone."""

    starts_at: datetime
    ends_at: datetime
    doors_at: datetime | None
    sales_start_at: datetime
    sales_end_at: datetime
    label: dict[str, str]


def plan_dates(event: EventEntry, time_zone: str, now: datetime) -> list[PlannedDate]:
    """The event's dates, soonest first; those whose sale would be over already are left out."""
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    days = -SALES_OPENED_DAYS_AGO if event.sales_open_in_days is None else event.sales_open_in_days
    sales_start_at = datetime.combine(today + timedelta(days=days), SALES_OPEN_AT, zone)
    planned = [
        _planned(rule, starts_at, sales_start_at)
        for rule in event.dates
        for starts_at in _starts(rule, now.astimezone(zone))
    ]
    planned.sort(key=lambda date: date.starts_at)
    return [date for date in planned if date.sales_end_at > now]


def slot_times(slots: Slots) -> list[time]:
    """Times of entry from the first to the last, both included."""
    at, last = (datetime.combine(Day.min, time.fromisoformat(text)) for text in (slots.first, slots.last))
    times = []
    while at <= last:
        times.append(at.time())
        at += timedelta(minutes=slots.every_minutes)
    return times


def _starts(rule: DateRule, local_now: datetime) -> Iterator[datetime]:
    if rule.is_open_now:
        yield local_now.replace(minute=0, second=0, microsecond=0) - OPENED_AGO
        return
    times = slot_times(rule.slots) if rule.slots else [time.fromisoformat(text) for text in rule.at]
    for day in _days(rule, local_now.date()):
        for at in times:
            yield datetime.combine(day, at, local_now.tzinfo)


def _days(rule: DateRule, today: Day) -> list[Day]:
    candidates = (today + timedelta(days=days) for days in range(rule.from_day, rule.from_day + HORIZON_DAYS))
    found: list[Day] = []
    for day in candidates:
        if len(found) == rule.count:
            break
        if rule.weekdays and WEEKDAYS[day.weekday()] not in rule.weekdays:
            continue
        if rule.season and not rule.season[0] <= f"{day:%m-%d}" <= rule.season[1]:
            continue
        found.append(day)
    return found


def _planned(rule: DateRule, starts_at: datetime, sales_start_at: datetime) -> PlannedDate:
    # Added to the instant, not to the wall clock: a show lasts as long on the night the clocks change.
    start = starts_at.timestamp()
    return PlannedDate(
        starts_at=starts_at,
        ends_at=_at(start + rule.lasts_minutes * 60, starts_at),
        doors_at=None if rule.doors_minutes is None else _at(start - rule.doors_minutes * 60, starts_at),
        sales_start_at=sales_start_at,
        sales_end_at=_at(start - rule.sales_close_minutes * 60, starts_at),
        label=rule.label,
    )


def _at(seconds: float, like: datetime) -> datetime:
    return datetime.fromtimestamp(seconds, like.tzinfo)
