from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from django.db import connection

from tests.cast import NOW, Type, make_event, make_venue
from tmam.catalog.models import Event
from tmam.catalog.search import SearchPage, count_matches, currencies_on_offer, search
from tmam.catalog.search_query import SearchQuery
from tmam.catalog.summaries import refresh_summaries
from tmam.catalog.understand import Days
from tmam.inventory.queries import free_places
from tmam.platform.statements import run_verb

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_catalogue")]


def places(event_id: int) -> Mapping[tuple[int, int], tuple[int, int]]:
    return run_verb(free_places(event_id))


def put(title: str, **fields: object) -> Event:
    event = make_event(title={"en": title, "es": title}, summary={}, **fields)  # type: ignore[arg-type]
    refresh_summaries([event.id], NOW, places)
    return event


def ask(now: datetime = NOW, **fields: object) -> SearchPage:
    return run_verb(search(SearchQuery(**fields), now))  # type: ignore[arg-type]


def ids(page: SearchPage) -> list[int]:
    return [found.event_id for found in page.found]


def test_every_word_must_be_found_somewhere() -> None:
    night = put("Beethoven at night")
    put("Mozart at night")
    assert ids(ask(text="beethoven night")) == [night.id]
    assert ids(ask(text="BEETHÓVEN madrid")) == [night.id]
    assert ask(text="beethoven barcelona").total == 0


def test_the_beginning_of_a_word_is_enough() -> None:
    night = put("Beethoven at night")
    assert ids(ask(text="be")) == [night.id]
    assert ids(ask(text="beeth madri")) == [night.id]


@pytest.mark.parametrize(
    ("typed", "corrections"),
    [
        ("beethofen", {"beethofen": "beethoven"}),
        ("beethofen madird", {"beethofen": "beethoven", "madird": "madrid"}),
    ],
)
def test_small_slips_are_forgiven_and_told(typed: str, corrections: dict[str, str]) -> None:
    night = put("Beethoven at night")
    page = ask(text=typed)
    assert ids(page) == [night.id]
    assert page.corrections == corrections
    assert page.asked.text == " ".join(corrections.values())


def test_a_place_is_corrected_too() -> None:
    night = put("Beethoven at night")
    page = ask(place="Madird")
    assert (ids(page), page.asked.place) == ([night.id], "madrid")


def test_words_that_exist_are_not_respelled_when_a_filter_leaves_nothing() -> None:
    put("Beethoven at night")
    page = ask(text="beethoven", price_to_minor=1)
    assert (page.total, page.corrections) == (0, {})


def test_words_in_the_title_count_more_than_the_date() -> None:
    later = put("Jazz", starts_in=timedelta(days=20))
    sooner = put("Night", starts_in=timedelta(days=5), description={"en": "Not quite jazz."})
    assert ids(ask(text="jazz")) == [later.id, sooner.id]
    assert ids(ask()) == [sooner.id, later.id]


def test_place_looks_at_places_only() -> None:
    madrid = put("Lisbon songs")
    lisbon = put(
        "Songs", venue=make_venue(name="Coliseu", city="Lisboa", country="PT", time_zone="Europe/Lisbon")
    )
    assert ids(ask(place="Madrid")) == [madrid.id]
    assert ids(ask(place="portugal")) == [lisbon.id]
    assert ids(ask(place="españa")) == [madrid.id]
    assert ids(ask(place="coliseu lisboa")) == [lisbon.id]


def test_days_are_those_of_the_place() -> None:
    # 3 December 01:00 UTC is still the 2nd in Santo Domingo.
    venue = make_venue(city="Santo Domingo", country="DO", time_zone="America/Santo_Domingo")
    event = put("Merengue", venue=venue, starts_in=timedelta(days=1, hours=13))
    assert ids(ask(from_day=date(2026, 12, 2), to_day=date(2026, 12, 2))) == [event.id]
    assert ask(from_day=date(2026, 12, 3)).total == 0


def test_a_stretch_between_two_dates_of_an_event_finds_nothing() -> None:
    event = make_event(dates=5, starts_in=timedelta(days=10))
    event.dates.filter(ordinal__in=[2, 3, 4]).delete()
    refresh_summaries([event.id], NOW, places)
    first = date(2026, 12, 11)
    assert ids(ask(from_day=first, to_day=first)) == [event.id]
    assert ask(from_day=first + timedelta(days=1), to_day=first + timedelta(days=3)).total == 0
    page = ask(from_day=first + timedelta(days=1))
    assert [(found.date_ordinal, found.dates) for found in page.found] == [(5, 1)]


def test_a_relative_time() -> None:
    soon = put("Soon", starts_in=timedelta(hours=5))
    put("Later", starts_in=timedelta(days=30))
    page = ask(when="today")
    assert ids(page) == [soon.id]
    assert page.days == Days(date(2026, 12, 1), date(2026, 12, 1))


def test_a_time_written_into_the_text_is_understood() -> None:
    soon = put("Brass", starts_in=timedelta(hours=5))
    put("Brass", starts_in=timedelta(days=30))
    page = ask(text="brass tonight")
    assert (ids(page), page.is_understood, page.asked) == (
        [soon.id],
        True,
        SearchQuery(text="brass", when="today"),
    )


def test_words_that_are_no_time_after_all_are_searched_as_words() -> None:
    named = put("Edge of tomorrow", starts_in=timedelta(days=30))
    page = ask(text="edge of tomorrow")
    assert (ids(page), page.is_understood) == ([named.id], False)


def test_kinds_and_their_counts() -> None:
    concert, film = put("Song"), put("Film", kind="cinema")
    page = ask(kinds=("cinema",))
    assert ids(page) == [film.id]
    assert {count.value: count.events for count in page.kinds} == {"concert": 1, "cinema": 1}
    assert set(ids(ask(kinds=("cinema", "concert")))) == {concert.id, film.id}


def test_cities_are_counted_among_what_was_found() -> None:
    put("One")
    put("Two")
    put("Three", venue=make_venue(city="Toledo"))
    assert [(count.value, count.country, count.events) for count in ask().cities] == [
        ("Madrid", "ES", 2),
        ("Toledo", "ES", 1),
    ]


def test_a_price_is_that_of_some_ticket() -> None:
    event = put("Two prices", types=(Type(1000), Type(9000, pools=(2,))))
    assert ids(ask(price_from_minor=500, price_to_minor=1000)) == [event.id]
    assert ids(ask(price_from_minor=9000)) == [event.id]
    assert ask(price_from_minor=2000, price_to_minor=8000).total == 0


def test_a_price_leaves_out_other_currencies() -> None:
    pesos = put("Merengue", currency="DOP")
    assert ask(price_to_minor=9999).total == 0
    assert ids(ask(price_to_minor=9999, currency="DOP")) == [pesos.id]


def test_a_price_and_a_day_must_meet_on_the_same_date() -> None:
    event = make_event(dates=2, types=(Type(1000), Type(9000, pools=(2,))))
    event.ticket_types.filter(ordinal=1).update(dates=[1])
    event.ticket_types.filter(ordinal=2).update(dates=[2])
    refresh_summaries([event.id], NOW, places)
    first = date(2026, 12, 11)
    assert ids(ask(price_to_minor=1000, from_day=first, to_day=first)) == [event.id]
    assert ask(price_to_minor=1000, from_day=first + timedelta(days=1)).total == 0


def test_only_what_can_be_bought_now() -> None:
    free = put("Free places")
    put("Full", capacity=0)
    put("Soon", status="soon")
    assert ids(ask(only_available=True)) == [free.id]
    assert ask().total == 3


def test_a_price_and_free_places_must_meet_on_the_same_date() -> None:
    event = make_event(dates=2, types=(Type(1000), Type(9000)))
    event.ticket_types.filter(ordinal=1).update(dates=[1])
    event.ticket_types.filter(ordinal=2).update(dates=[2])
    refresh_summaries([event.id], NOW, lambda _: {(1, 1): (9, 0), (2, 1): (9, 9)})
    assert ids(ask(price_to_minor=1000)) == ids(ask(price_from_minor=9000, only_available=True)) == [event.id]
    assert ask(price_to_minor=1000, only_available=True).total == 0


def test_a_place_is_looked_for_among_places_only() -> None:
    put("Toledo at night")
    there = put("Night", venue=make_venue(name="Teatro Rojas", city="Toledo"))
    assert (
        ids(ask(place="toledo"))
        == ids(ask(place="rojas tole"))
        == ids(ask(text="night", place="españa toledo"))
    )
    assert ids(ask(place="toledo")) == [there.id]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (SearchQuery(text="jazz"), "event_summary_document"),
        (SearchQuery(place="madrid"), "event_summary_place"),
    ],
)
def test_words_are_found_through_an_index(query: SearchQuery, index: str) -> None:
    put("Jazz")
    asked, arguments = next(search(query, NOW))
    with psycopg.RawCursor(connection.connection) as cursor:
        cursor.execute(
            b"SET LOCAL enable_seqscan = off"
        )  # a table of one page is quicker read than looked up
        cursor.execute(f"EXPLAIN {asked.text}".encode(), arguments)
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert f"Bitmap Index Scan on {index}" in plan


def test_a_card_shows_the_first_date_that_can_be_bought() -> None:
    event = make_event(dates=3, types=(Type(1000), Type(9000, pools=(2,))))
    refresh_summaries(
        [event.id], NOW, lambda _: {(1, 1): (100, 0), (1, 2): (5, 0), (2, 1): (100, 4), (2, 2): (5, 2)}
    )
    (found,) = ask().found
    assert (found.date_ordinal, found.dates, found.more_dates, found.state, found.left) == (2, 3, 2, "few", 6)
    assert (found.price_from_minor, found.has_many_prices, found.venue, found.city) == (
        1000,
        True,
        "Sala Aurora",
        "Madrid",
    )
    assert found.last_starts_at == NOW + timedelta(days=12)


def test_what_is_over_is_not_found_even_before_a_refresh() -> None:
    event = put("Short", starts_in=timedelta(hours=1))
    assert ids(ask(NOW + timedelta(hours=3))) == [event.id]
    assert ask(NOW + timedelta(hours=5)).total == 0


def test_pages() -> None:
    made = [put(f"Song {number}", starts_in=timedelta(days=number)).id for number in range(1, 6)]

    def page(number: int) -> list[int]:
        return ids(run_verb(search(SearchQuery(page=number), NOW, page_size=2)))

    assert (page(1), page(2), page(3), page(4)) == (made[:2], made[2:4], made[4:], [])


@pytest.mark.parametrize(
    "text", ["'", "' & !", ":*", "\\", "a'b:c", "%_", "🎷", "x" * 120, "-- ;", "((", "ﷺ", "ſ"]
)
def test_no_text_is_an_error(text: str) -> None:
    put("Song")
    assert ask(text=text, place=text).total in {0, 1}


def test_counting_without_help() -> None:
    put("Song")
    query = SearchQuery(text="song")
    assert run_verb(count_matches(query, NOW)) == 1
    assert run_verb(count_matches(replace(query, text="sogn"), NOW)) == 0


def test_currencies_by_how_common_they_are() -> None:
    for currency in ("DOP", "EUR", "EUR"):
        put("Song", currency=currency)
    assert run_verb(currencies_on_offer()) == ("EUR", "DOP")


def test_the_clock_of_a_search_is_an_argument() -> None:
    put("Song")
    assert ask(datetime(2030, 1, 1, tzinfo=UTC)).total == 0
