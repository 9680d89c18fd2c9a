from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection

from tests.cast import NOW, Type, make_event
from tmam.catalog.models import Date, DateSummary, EventSummary, SearchWord
from tmam.catalog.summaries import (
    on_log_entries,
    refresh_all_summaries,
    refresh_summaries,
    refresh_summaries_once,
)
from tmam.inventory.queries import free_places
from tmam.platform.event_log import Entry
from tmam.platform.statements import run_verb

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_catalogue")]
DAY = timedelta(days=1)


def places(event_id: int) -> Mapping[tuple[int, int], tuple[int, int]]:
    return run_verb(free_places(event_id))


def days_of(event_id: int, column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column}::text FROM catalog_eventsummary WHERE event_id = %s", [event_id])
        return str(cursor.fetchone()[0])


def entry(event_id: int, name: str) -> Entry:
    return Entry(1, event_id, UUID(int=1), name, NOW, "system", {})


def test_a_date_is_written_as_search_needs_it() -> None:
    event = make_event(capacity=70, types=(Type(4500), Type(2000), Type(4500, pools=(1, 2))))
    assert refresh_summaries([event.id], NOW, places) == 1
    row = DateSummary.objects.get(event=event)
    assert (row.date_ordinal, row.local_day, row.prices_minor) == (1, date(2026, 12, 11), [2000, 4500])
    assert (row.capacity, row.available) == (70, 70)


def test_an_event_is_folded_from_its_dates() -> None:
    event = make_event(dates=4, types=(Type(4500), Type(2000)))
    event.dates.filter(ordinal=3).delete()
    refresh_summaries([event.id], NOW, lambda _: {(1, 1): (9, 9), (2, 1): (9, 0), (4, 1): (9, 1)})
    row = EventSummary.objects.get(event=event)
    assert (row.first_day, row.last_day) == (date(2026, 12, 11), date(2026, 12, 14))
    assert (row.first_free_day, row.last_free_day) == (date(2026, 12, 11), date(2026, 12, 14))
    assert (row.prices_minor, row.prices_vary) == ([2000, 4500], False)
    assert days_of(event.id, "days") == "{[2026-12-11,2026-12-13),[2026-12-14,2026-12-15)}"
    assert days_of(event.id, "free_days") == "{[2026-12-11,2026-12-12),[2026-12-14,2026-12-15)}"


@pytest.mark.parametrize("status", ["draft", "cancelled"])
def test_what_is_not_offered_has_no_rows(status: str) -> None:
    event = make_event()
    refresh_summaries([event.id], NOW, places)
    event.status = status
    event.save()
    refresh_summaries([event.id], NOW, places)
    assert not DateSummary.objects.filter(event=event).exists()
    assert not EventSummary.objects.filter(event=event).exists()


def test_cancelled_and_past_dates_go() -> None:
    event = make_event(dates=3)
    refresh_summaries([event.id], NOW, places)
    Date.objects.filter(event=event, ordinal=2).update(is_cancelled=True)
    refresh_summaries([event.id], NOW + 10 * DAY + timedelta(hours=3), places)
    assert list(DateSummary.objects.filter(event=event).values_list("date_ordinal", flat=True)) == [3]


def test_a_second_refresh_changes_nothing() -> None:
    event = make_event(dates=2)
    refresh_summaries([event.id], NOW, places)
    before = list(DateSummary.objects.values()), list(EventSummary.objects.values())
    refresh_summaries([event.id, event.id], NOW, places)
    assert (list(DateSummary.objects.values()), list(EventSummary.objects.values())) == before


def test_once_finds_what_is_missing_and_then_nothing() -> None:
    event = make_event()
    make_event(status="draft")
    assert refresh_summaries_once(NOW, places) == 1
    assert list(EventSummary.objects.values_list("event_id", flat=True)) == [event.id]
    assert refresh_summaries_once(NOW, places) == 0


def test_once_follows_the_clock_over_each_border() -> None:
    event = make_event()
    Date.objects.filter(event=event).update(sales_start_at=NOW + DAY, sales_end_at=NOW + 2 * DAY)
    refresh_summaries([event.id], NOW, places)
    assert EventSummary.objects.get(event=event).first_free_day is None
    assert refresh_summaries_once(NOW + DAY - timedelta(seconds=1), places) == 0
    assert refresh_summaries_once(NOW + DAY, places) == 1
    assert EventSummary.objects.get(event=event).first_free_day == date(2026, 12, 11)
    assert refresh_summaries_once(NOW + 2 * DAY, places) == 1
    assert EventSummary.objects.get(event=event).first_free_day is None
    assert refresh_summaries_once(NOW + 10 * DAY + timedelta(hours=3), places) == 1
    assert not EventSummary.objects.filter(event=event).exists()
    assert refresh_summaries_once(NOW + 20 * DAY, places) == 0


def test_once_takes_no_more_than_its_limit() -> None:
    for _ in range(3):
        make_event()
    assert [refresh_summaries_once(NOW, places, limit=2) for _ in range(3)] == [2, 1, 0]


def test_the_event_log_is_followed() -> None:
    sold, other = make_event(), make_event()
    refresh_all_summaries(NOW, places)
    entries = [
        entry(sold.id, "order.confirmed"),
        entry(sold.id, "order.confirmed"),
        entry(other.id, "ticket.redeemed"),
    ]
    assert on_log_entries(entries, lambda _: {(1, 1): (100, 7)}) == 1
    assert DateSummary.objects.get(event=sold).available == 7
    assert DateSummary.objects.get(event=other).available == 100
    assert on_log_entries([entry(0, "account.joined")], places) == 0


def test_sales_of_an_imported_line_do_not_refresh_its_thousands_of_dates() -> None:
    line = make_event(import_key="coast:R1")
    refresh_summaries([line.id], NOW, places)
    assert on_log_entries([entry(line.id, "order.confirmed")], lambda _: {(1, 1): (100, 7)}) == 0
    assert DateSummary.objects.get(event=line).available == 100
    changed = [entry(line.id, "order.confirmed"), entry(line.id, "event.timetable_imported")]
    assert on_log_entries(changed, lambda _: {(1, 1): (100, 7)}) == 1
    assert DateSummary.objects.get(event=line).available == 7


def test_words_are_kept_for_spelling_help() -> None:
    event = make_event(title={"en": "Beethoven 1812", "es": "Beethoven año"}, performers=["Ana Núñez"])
    refresh_summaries([event.id], NOW, places)
    known = set(SearchWord.objects.values_list("word", flat=True))
    assert {"beethoven", "nunez", "madrid", "concierto"} <= known
    assert not {"1812", "ana", "ano"} & known


def test_an_event_without_counters_is_sold_out_not_an_error() -> None:
    event = make_event()
    refresh_summaries([event.id], NOW, lambda _: {})
    assert DateSummary.objects.get(event=event).available == 0
