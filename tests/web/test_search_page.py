from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.cast import make_event, make_venue, midday_zone
from tmam.catalog.models import DateSummary, Event, EventSummary, SearchWord
from tmam.catalog.summaries import refresh_all_summaries
from tmam.inventory.queries import free_places
from tmam.platform.statements import run_verb
from tmam.web.shop.search_page import kept_currencies


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    del db
    kept_currencies.forget()
    Event.objects.update(status="draft")
    for model in (DateSummary, EventSummary, SearchWord):
        model.objects.all().delete()


def put(**fields: object) -> Event:
    now = timezone.now()
    event = make_event(now=now, **fields)  # type: ignore[arg-type]
    refresh_all_summaries(now, lambda event_id: run_verb(free_places(event_id)))
    return event


def get(path: str, **headers: str) -> HttpResponse:
    response: HttpResponse = Client().get(path, headers=headers)  # type: ignore[assignment]
    return response


def page(path: str) -> str:
    response = get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    "path", ["/en/", "/es/", "/en/?q=lights", "/en/?kind=rocket", "/en/?q=nothinglikethis"]
)
def test_public_pages_are_the_same_for_everyone(path: str) -> None:
    put()
    response = get(path)
    assert response.headers["Cache-Control"] == "public, max-age=1"
    assert get(path, if_none_match=response.headers["ETag"]).status_code == 304
    assert "Vary" not in response.headers
    assert not response.cookies
    assert b"csrfmiddlewaretoken" not in response.content
    assert b"style=" not in response.content
    assert len(response.content) < 60_000


def test_the_home_page_shows_what_there_is() -> None:
    event = put()
    html = page("/en/")
    assert f'href="/en/e/{event.id}-winter-lights/"' in html
    assert "Concerts" in html
    assert '<span class="price">€45.00</span>' in html
    assert 'name="q"' in html
    assert '"@type":"SearchAction"' in html


def test_an_empty_house_says_so() -> None:
    assert "Nothing is on sale yet" in page("/en/")


def test_a_result_answers_when_where_how_much_and_how_many() -> None:
    put(dates=3, capacity=7)
    html = page("/en/?q=winter")
    assert "1 event" in html
    assert "and 2 more dates" in html
    assert "Sala Aurora, Madrid" in html
    assert "€45.00" in html
    assert "Only 7 left" in html


def test_a_slip_is_told() -> None:
    put()
    html = page("/en/?q=wintter")
    assert "Winter Lights" in html
    assert "Nothing is called “wintter”" in html


def test_a_chip_takes_its_part_of_the_search_away() -> None:
    put()
    html = page("/en/?q=winter&place=Madrid&available=1")
    assert 'href="/en/?place=Madrid&amp;available=1"' in html
    assert 'href="/en/?q=winter&amp;available=1"' in html
    assert 'href="/en/?q=winter&amp;place=Madrid"' in html


def test_taking_the_last_part_away_still_shows_a_list() -> None:
    put()
    assert 'href="/en/?when=any"' in page("/en/?place=Madrid")


def test_nothing_found_shows_ways_out_that_find_something() -> None:
    put()
    html = page("/en/?q=winter&kind=cinema&price-to=1")
    assert "Nothing matches all of this" in html
    assert "See everything" in html
    html = page("/en/?q=winter&kind=cinema")
    assert "Without Cinema" in html
    assert 'href="/en/?q=winter"' in html


def test_a_single_word_that_does_find_something_is_offered() -> None:
    put()
    assert "Only “winter”" in page("/en/?q=winter+volcano")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=2026-02-30", "not a date of the calendar"),
        ("from=2027-02-02&to=2027-02-01", "before the first one"),
        ("price-from=-1", "below zero"),
        ("price-to=1e400", "Type the price as a number"),
        ("price-to=99999999999", "higher than anything sold here"),
        ("price-from=30&price-to=20", "below the lowest one"),
        ("kind=rocket", "We do not know this kind"),
        ("when=yesterday", "We do not know this time"),
        ("q=" + "x" * 500, "only its beginning was used"),
        ("place=" + "x" * 500, "only its beginning was used"),
        ("currency=XTS", "Nothing is sold in this currency"),
    ],
)
def test_what_cannot_be_read_is_told_at_its_field(query: str, words: str) -> None:
    put()
    html = page(f"/en/?{query}")
    assert words in html
    assert "error-summary" in html
    assert "<title>Error:" in html


def test_what_was_typed_stays_typed() -> None:
    put()
    assert 'value="cheap &lt;b&gt;"' in page("/en/?price-to=cheap+%3Cb%3E")


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%ff%fe",
        "q='%22%5C&place=%27",
        "page=0",
        "page=-5",
        "page=99999",
        "q=%F0%9F%8E%B7",
        "from=0001-01-01&to=9999-12-31",
        "unknown=1&q[]=x",
    ],
)
def test_no_address_is_an_error(query: str) -> None:
    put()
    assert get(f"/en/?{query}").status_code == 200


def test_a_page_beyond_the_last_one_leads_back() -> None:
    put()
    html = page("/en/?q=winter&page=9")
    assert "This page of results does not exist" in html


def test_prices_name_their_currency_when_there_are_several() -> None:
    put()
    put(
        currency="DOP",
        venue=make_venue(city="Santo Domingo", country="DO", time_zone="America/Santo_Domingo"),
    )
    html = page("/en/?price-to=9000&currency=DOP")
    assert "Prices are compared in DOP" in html
    assert "1 event" in html


def test_quick_links_to_times() -> None:
    today = put(starts_in=timedelta(minutes=1), venue=make_venue(time_zone=midday_zone(timezone.now())))
    html = page("/en/?when=today&q=winter")
    assert f"/en/e/{today.id}-winter-lights/" in html
    assert '<input type="hidden" name="when" value="today">' in html


def test_a_time_in_the_text_is_told_and_can_be_undone() -> None:
    put(starts_in=timedelta(minutes=1), venue=make_venue(time_zone=midday_zone(timezone.now())))
    html = page("/en/?q=winter+tonight")
    assert "Read as a time" in html
    assert 'href="/en/?q=winter+tonight&amp;when=any"' in html


def test_another_method_is_told_so() -> None:
    assert Client().post("/en/").status_code == 405
