"""Changing a date: what is refused, what is written down, and two who change it at once."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.cast import NOW, make_event, make_trip_event
from tests.threads import at_the_same_moment
from tmam.catalog.change_date import FACT, Who, change_date, read_times, times_json, times_of
from tmam.catalog.date_rules import (
    EARLIEST_ENTRY,
    FARTHEST,
    DateTimes,
    Problem,
    admission,
    problems_of,
)
from tmam.catalog.errors import DateChangedSinceError, DateFixedError, DateImpossibleError
from tmam.catalog.models import Date, DateSummary
from tmam.inventory.search_consumer import keep_search_fresh
from tmam.platform.errors import NotFoundError
from tmam.platform.event_log import Entry
from tmam.platform.models import LogEntry

WHO = Who("user:7", NOW, "request-1")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
GOOD = DateTimes(NOW + DAY, NOW + DAY + 3 * HOUR, NOW + DAY - HOUR)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({}, None),
        ({"doors_at": None}, None),
        ({"doors_at": GOOD.starts_at}, None),
        ({"starts_at": NOW, "ends_at": NOW + HOUR, "doors_at": None}, Problem.STARTS_IN_THE_PAST),
        ({"starts_at": NOW + FARTHEST + HOUR, "ends_at": NOW + FARTHEST + 2 * HOUR, "doors_at": None}, Problem.STARTS_TOO_FAR),
        ({"ends_at": GOOD.starts_at}, Problem.ENDS_BEFORE_START),
        ({"ends_at": GOOD.starts_at + 40 * DAY}, Problem.TOO_LONG),
        ({"doors_at": GOOD.starts_at + HOUR}, Problem.DOORS_AFTER_START),
        ({"doors_at": GOOD.starts_at - 2 * DAY}, Problem.DOORS_TOO_EARLY),
        ({"entrance": {"en": "x" * 61}}, Problem.ENTRANCE_TOO_LONG),
    ],
)  # fmt: skip
def test_new_times_must_fit_together(changed: dict[str, object], problem: Problem | None) -> None:
    wanted = replace(GOOD, **changed)  # type: ignore[arg-type]  # fields by name
    assert problems_of(wanted, NOW, starts_at=NOW + 9 * DAY) == ([problem] if problem else [])


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Honolulu"])
def test_no_year_is_beyond_judgement(zone: str) -> None:
    first, last = (
        each.replace(tzinfo=ZoneInfo(zone))
        for each in (datetime.min, datetime.max)  # noqa: DTZ901 - made aware here
    )
    wanted = [DateTimes(*times) for times in itertools.product((first, last), repeat=3)]
    problems = [problems_of(each, NOW, starts_at=GOOD.starts_at) for each in wanted]
    assert all(problems)
    assert {Problem.STARTS_IN_THE_PAST, Problem.STARTS_TOO_FAR, Problem.DOORS_TOO_EARLY} <= set(
        itertools.chain(*problems)
    )


def test_a_date_that_has_begun_may_end_later_but_not_before_now() -> None:
    begun = DateTimes(NOW - HOUR, NOW + HOUR)
    assert problems_of(begun, NOW, starts_at=begun.starts_at) == []
    over = replace(begun, ends_at=NOW)
    assert problems_of(over, NOW, starts_at=begun.starts_at) == [Problem.ENDS_IN_THE_PAST]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"starts_at": FIRST, "doors_at": None}, Problem.STARTS_IN_THE_PAST),
        ({"starts_at": LAST, "ends_at": LAST, "doors_at": None}, Problem.STARTS_TOO_FAR),
        ({"ends_at": LAST}, Problem.TOO_LONG),
        ({"doors_at": FIRST}, Problem.DOORS_TOO_EARLY),
    ],
)
def test_the_ends_of_the_calendar_are_answered(changed: dict[str, object], problem: Problem) -> None:
    wanted = replace(GOOD, **changed)  # type: ignore[arg-type]  # fields by name
    assert problem in problems_of(wanted, NOW, starts_at=NOW + 9 * DAY)


@pytest.mark.django_db
def test_a_date_is_moved_written_down_and_search_follows() -> None:
    event = make_event()
    date = event.dates.get()
    sales_close = date.starts_at - date.sales_end_at
    wanted = DateTimes(date.starts_at + DAY, date.ends_at + DAY, date.doors_at, {"en": " Gate B ", "es": ""})
    wanted = replace(wanted, doors_at=wanted.starts_at - HOUR)
    changes = change_date(event.id, 1, wanted, WHO, seen=0)
    moved = event.dates.get()
    assert times_of(moved) == replace(wanted, entrance={"en": "Gate B"})
    assert (moved.revision, moved.starts_at - moved.sales_end_at) == (1, sales_close)
    entry = LogEntry.objects.get(event_id=event.id, name=FACT)
    assert entry.actor == "user:7"
    assert entry.data == {"date": 1, "revision": 1, "changes": changes}
    assert changes["entrance"] == [{}, {"en": "Gate B"}]
    assert changes["starts_at"] == [date.starts_at.isoformat(), wanted.starts_at.isoformat()]
    assert read_times(times_json(times_of(moved))) == times_of(moved)
    keep_search_fresh([Entry(1, event.id, entry.id, FACT, NOW, entry.actor, entry.data)])
    assert DateSummary.objects.get(event=event).starts_at == wanted.starts_at


@pytest.mark.django_db
def test_what_is_the_same_is_no_change() -> None:
    event = make_event()
    assert change_date(event.id, 1, times_of(event.dates.get()), WHO, seen=0) == {}
    assert event.dates.get().revision == 0
    assert not LogEntry.objects.filter(event_id=event.id, name=FACT).exists()


@pytest.mark.django_db
def test_of_two_who_looked_at_the_same_date_the_second_is_told() -> None:
    event = make_event()
    date = event.dates.get()
    first, second = (
        DateTimes(date.starts_at + hours * HOUR, date.ends_at + hours * HOUR) for hours in (1, 2)
    )
    change_date(event.id, 1, first, WHO, seen=0)
    with pytest.raises(DateChangedSinceError):
        change_date(event.id, 1, second, WHO, seen=0)
    assert event.dates.get().starts_at == first.starts_at


@pytest.mark.django_db
def test_what_cannot_be_changed_stays() -> None:
    event, trip = make_event(dates=2), make_trip_event(is_seated=False)
    with pytest.raises(NotFoundError):
        change_date(event.id, 3, GOOD, WHO, seen=0)
    with pytest.raises(DateImpossibleError) as refused:
        change_date(event.id, 1, replace(GOOD, ends_at=NOW), WHO, seen=0)
    assert refused.value.problem == Problem.ENDS_BEFORE_START
    Date.objects.filter(event=event, ordinal=1).update(is_cancelled=True)
    later = Who("user:7", event.dates.get(ordinal=2).ends_at)
    for event_id, ordinal, who in ((event.id, 1, WHO), (event.id, 2, later), (trip.id, 1, WHO)):
        with pytest.raises(DateFixedError):
            change_date(event_id, ordinal, GOOD, who, seen=0)


def test_a_ticket_is_good_as_it_was_sold_until_its_date_is_changed() -> None:
    sold = (NOW, NOW + HOUR)
    date = Date(starts_at=NOW + DAY, ends_at=NOW + DAY + HOUR, doors_at=NOW + DAY - HOUR)
    assert admission(date, *sold) == sold
    date.revision = 1
    assert admission(date, *sold) == (NOW + DAY - HOUR - EARLIEST_ENTRY, date.ends_at)
    date.doors_at = None
    assert admission(date, *sold)[0] == date.starts_at - EARLIEST_ENTRY


def test_two_who_save_in_the_same_moment_do_not_undo_each_other(live_database: None) -> None:
    del live_database
    event = make_event()
    date = event.dates.get()

    hours = itertools.count(1)

    def move() -> bool:
        by = next(hours) * HOUR
        try:
            change_date(event.id, 1, DateTimes(date.starts_at + by, date.ends_at + by), WHO, seen=0)
        except DateChangedSinceError:
            return False
        return True

    assert sorted(at_the_same_moment(3, move)) == [False, False, True]
    assert event.dates.get().revision == 1
    assert LogEntry.objects.filter(event_id=event.id, name=FACT).count() == 1
