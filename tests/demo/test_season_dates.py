"""Date rules: always ahead of whoever loads them, always on the clock of the place."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tmam.demo.season_dates import plan_dates, slot_times
from tmam.demo.season_files import DateRule, EventEntry, Slots, read_season

MADRID = "Europe/Madrid"
NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


SEASON = read_season()


def event_with(*rules: DateRule, sales_open_in_days: int | None = None) -> EventEntry:
    entry = SEASON.organizers[0].events[0]
    values = {name: getattr(entry, name) for name in entry.__struct_fields__}
    return EventEntry(**(values | {"dates": rules, "sales_open_in_days": sales_open_in_days}))


@settings(deadline=None, max_examples=40)
@given(now=st.datetimes(datetime(2025, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_whenever_it_is_loaded_every_event_is_ahead(now: datetime) -> None:
    for organizer in SEASON.organizers:
        for event in organizer.events:
            dates = plan_dates(event, SEASON.venues[event.venue].time_zone, now)
            assert dates, event.slug
            assert dates == sorted(dates, key=lambda date: date.starts_at)
            for date in dates:
                assert date.ends_at > date.starts_at
                assert date.sales_end_at > max(now, date.sales_start_at)
                assert date.doors_at is None or date.doors_at <= date.starts_at


def test_weekdays_and_times_are_those_of_the_place() -> None:
    rule = DateRule(lasts_minutes=90, from_day=3, weekdays=("sat",), count=2, at=("20:30",), doors_minutes=30)
    dates = plan_dates(event_with(rule), MADRID, NOW)
    assert [date.starts_at.isoformat() for date in dates] == [
        "2026-12-05T20:30:00+01:00",
        "2026-12-12T20:30:00+01:00",
    ]
    assert dates[0].doors_at == dates[0].starts_at - timedelta(minutes=30)


def test_a_show_lasts_as_long_on_the_night_the_clocks_change() -> None:
    now = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    rule = DateRule(lasts_minutes=240, at=("23:30",))
    (date,) = plan_dates(event_with(rule), MADRID, now)
    assert date.ends_at.timestamp() - date.starts_at.timestamp() == 240 * 60
    assert date.ends_at.isoformat() == "2026-10-25T02:30:00+01:00"


def test_whales_come_in_their_season_only() -> None:
    whales = next(
        event for each in SEASON.organizers for event in each.events if event.slug.startswith("ballenas")
    )
    for month in range(1, 13):
        dates = plan_dates(whales, "America/Santo_Domingo", datetime(2026, month, 18, tzinfo=UTC))
        assert all("01-15" <= f"{date.starts_at:%m-%d}" <= "03-20" for date in dates)


def test_slots_whose_sale_is_over_today_are_left_out() -> None:
    rule = DateRule(lasts_minutes=30, slots=Slots("10:00", "18:30", 30), sales_close_minutes=-15)
    dates = plan_dates(event_with(rule), MADRID, NOW)  # 13:00 in Madrid
    assert dates[0].starts_at.astimezone(ZoneInfo(MADRID)).time() == time(13, 0)


def test_slots_include_the_last_one() -> None:
    assert slot_times(Slots("17:30", "18:30", 30)) == [time(17, 30), time(18, 0), time(18, 30)]


def test_what_is_open_now_began_an_hour_ago() -> None:
    rule = DateRule(lasts_minutes=600, is_open_now=True, sales_close_minutes=-500)
    (date,) = plan_dates(event_with(rule), MADRID, NOW + timedelta(minutes=20))
    assert date.starts_at == NOW - timedelta(hours=1)


def test_a_sale_that_begins_later_begins_in_the_morning_of_the_place() -> None:
    rule = DateRule(lasts_minutes=60, from_day=20, at=("20:00",))
    (date,) = plan_dates(event_with(rule, sales_open_in_days=5), MADRID, NOW)
    assert date.sales_start_at.isoformat() == "2026-12-06T10:00:00+01:00"
