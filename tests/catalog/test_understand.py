from datetime import UTC, date, datetime

import pytest

from tmam.catalog.search_query import SearchQuery
from tmam.catalog.understand import Days, days_meant, understood

TUESDAY = datetime(2026, 12, 1, 12, tzinfo=UTC)
SATURDAY = datetime(2026, 12, 5, 12, tzinfo=UTC)
MADRID = frozenset({"Europe/Madrid"})


@pytest.mark.parametrize(
    ("text", "rest", "when"),
    [
        ("jazz tonight", "jazz", "today"),
        ("Tonight: jazz", "jazz", "today"),
        ("teatro mañana", "teatro", "tomorrow"),
        ("piano este fin de semana", "piano", "weekend"),
        ("this weekend", "", "weekend"),
        ("museos esta semana", "museos", "week"),
    ],
)
def test_a_time_at_either_end_becomes_a_filter(text: str, rest: str, when: str) -> None:
    assert understood(SearchQuery(text=text)) == SearchQuery(text=rest, when=when)


@pytest.mark.parametrize("text", ["", "jazz", "edge of tomorrow land", "todayish"])
def test_other_texts_stay(text: str) -> None:
    assert understood(SearchQuery(text=text)) is None


def test_a_time_that_was_chosen_stands() -> None:
    assert understood(SearchQuery(text="jazz tonight", when="week")) is None
    assert understood(SearchQuery(text="jazz tonight", from_day=date(2026, 12, 9))) is None


@pytest.mark.parametrize(
    ("when", "now", "days"),
    [
        ("today", TUESDAY, (date(2026, 12, 1), date(2026, 12, 1))),
        ("tomorrow", TUESDAY, (date(2026, 12, 2), date(2026, 12, 2))),
        ("weekend", TUESDAY, (date(2026, 12, 4), date(2026, 12, 6))),
        ("weekend", SATURDAY, (date(2026, 12, 5), date(2026, 12, 6))),
        ("week", TUESDAY, (date(2026, 12, 1), date(2026, 12, 7))),
        ("any", TUESDAY, (None, None)),
    ],
)
def test_days_meant(when: str, now: datetime, days: tuple[date | None, date | None]) -> None:
    assert days_meant(SearchQuery(when=when), now, MADRID) == Days(*days)


def test_today_is_the_day_of_each_place() -> None:
    late = datetime(2026, 12, 1, 23, 30, tzinfo=UTC)
    both = frozenset({"Europe/Madrid", "America/Santo_Domingo"})
    assert days_meant(SearchQuery(when="today"), late, both) == Days(date(2026, 12, 1), date(2026, 12, 2))


def test_chosen_days_are_taken_as_they_are() -> None:
    query = SearchQuery(from_day=date(2026, 12, 5))
    assert days_meant(query, TUESDAY, frozenset()) == Days(date(2026, 12, 5), None)
