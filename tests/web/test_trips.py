"""The search for trips, a journey and a line's page, as a browser without scripts sees them."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.timetables.trains import make_trains
from tmam.catalog.models import Date, Event, Venue
from tmam.catalog.offers import load_offer
from tmam.catalog.summaries import refresh_summaries
from tmam.inventory.draws import HoldRequest, Wish
from tmam.inventory.hold_places import hold_places
from tmam.inventory.holds import Hold
from tmam.inventory.queries import free_places
from tmam.platform.statements import run_verb
from tmam.platform.visitors import COOKIE, sign_visitor
from tmam.timetables.load_timetable import timetables

pytestmark = pytest.mark.django_db
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date()


@pytest.fixture
def lines(tmp_path: Path) -> dict[str, Event]:
    return make_trains(tmp_path / "feed", datetime.now(UTC))


def get(path: str, **params: str) -> HttpResponse:
    response: HttpResponse = Client().get(path, params)  # type: ignore[assignment]
    return response


def page(path: str, **params: str) -> str:
    response = get(path, **params)
    assert response.status_code == 200, response.status_code
    return html.unescape(" ".join(response.content.decode().split()))


def search(**params: str) -> str:
    return page("/en/trips/", **({"day": TOMORROW.isoformat(), "time": "07:00"} | params))


def journey_links(text: str) -> list[str]:
    return re.findall(r'href="(/en/trips/journey/\?rides=[0-9.~]+)"', text)


def trip(lines: dict[str, Event], line: str, name: str) -> Date:
    return Date.objects.get(event=lines[line], trip_key=f"{TOMORROW}|{name}")


@pytest.mark.parametrize("path", ["/en/trips/", "/es/trips/?from=alba&to=doma"])
def test_public_pages_are_the_same_for_everyone(lines: dict[str, Event], path: str) -> None:
    response = get(path)
    assert response.headers["Cache-Control"] == "public, max-age=1"
    assert "Vary" not in response.headers
    assert not response.cookies
    assert b"csrfmiddlewaretoken" not in response.content
    assert b"style=" not in response.content


def test_an_empty_country_has_no_trips() -> None:
    Event.objects.update(status="draft")
    timetables.forget()
    text = page("/en/trips/")
    assert "No trips are on sale yet" in text
    assert '<form class="trip-form"' not in text


def test_the_first_look_has_a_form_and_the_busiest_stations(lines: dict[str, Event]) -> None:
    text = page("/en/trips/")
    assert "Where do you want to go?" in text
    assert '<option value="Brea">' in text
    assert 'href="/en/trips/?from=Brea"' in text
    assert "error-summary" not in text
    text = page("/en/trips/?from=Brea")
    assert 'value="Brea"' in text
    assert "error-summary" not in text


def test_a_direct_journey_is_found(lines: dict[str, Event]) -> None:
    text = search(to="cala", **{"from": "alba"})
    assert "<h1>Alba → Cala</h1>" in text
    assert ">08:00</time>" in text
    assert ">07:50</time>" in text
    assert "WET" in text
    assert "50 min" in text
    assert "Direct" in text
    assert "€9.50" in text
    assert "Only 9 left" in text


def test_a_journey_with_a_change_names_where(lines: dict[str, Event]) -> None:
    text = search(to="elm", **{"from": "alba"})
    assert "1 change: Brea" in text
    assert "€10.00" in text
    first = journey_links(text)[0]
    day, hills = trip(lines, "R1", "t1"), trip(lines, "R2", "h1")
    rides = f"{day.event_id}.{day.ordinal}.0.1~{hills.event_id}.{hills.ordinal}.0.1"
    assert first == f"/en/trips/journey/?rides={rides}"


def test_a_name_of_several_stations_is_a_question(lines: dict[str, Event]) -> None:
    Venue.objects.filter(stop_code__endswith=":cala").update(name="Alba Playa")
    timetables.forget()
    text = search(to="doma", **{"from": "alb"})
    assert "Which “alb” do you mean?" in text
    links = re.findall(r'href="(/en/trips/\?from=Alba[^"]*to=Doma[^"]*)"', text)
    assert len(links) == 2
    assert "Alba Playa → Doma" in page(next(link for link in links if "Playa" in link))
    assert journey_links(text) == []


def test_mistakes_are_told_at_their_fields(lines: dict[str, Event]) -> None:
    text = page("/en/trips/", day="2020-01-01", time="99", to="", **{"from": "xyzzy"})
    assert "Please look at your search again" in text
    for words in (
        "We have no station or airport of this name to start from",
        "Type where you want to go",
        "This day is over",
        "The time is not one of the clock",
    ):
        assert text.count(words) == 2, words
    assert 'value="xyzzy"' in text
    text = search(to="Alba", **{"from": "alba"})
    assert "You are there already" in text


def test_strange_parameters_are_no_errors(lines: dict[str, Event]) -> None:
    for strange in ("\x00", "'; drop table", "9" * 500, "ﷺ" * 50, "<script>"):
        params = {"from": strange, "to": strange, "day": strange, "time": strange, "search": strange}
        response = Client().get("/es/trips/", params)
        assert response.status_code == 200
        assert b"<script>alert" not in response.content


def test_later_and_earlier_lead_on_and_back(lines: dict[str, Event]) -> None:
    text = search(to="doma", **{"from": "alba"})
    later = re.findall(r'href="(/en/trips/\?[^"]+)"[^>]*>(?:(?!</a>).)*Later', text)
    assert later
    after = page(later[0])
    earlier = re.findall(r'href="(/en/trips/\?[^"]+)"[^>]*>(?:(?!</a>).)*Earlier', after)
    assert earlier
    assert parse_qs(urlsplit(earlier[0]).query)["search"] == ["before"]
    assert journey_links(page(earlier[0]))[-1] == journey_links(text)[-1]


def test_when_nothing_runs_there_are_ways_on(lines: dict[str, Event]) -> None:
    far = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
    text = search(day=far, to="doma", **{"from": "alba"})
    assert "Nothing runs then" in text
    assert "Look at the next day" in text


def test_a_single_ride_is_ordered_like_an_event(lines: dict[str, Event]) -> None:
    day = trip(lines, "R1", "t1")
    text = page("/en/trips/journey/", rides=f"{day.event_id}.{day.ordinal}.0.2")
    assert 'action="/hot/holds"' in text
    for name, value in (("event", day.event_id), ("date", day.ordinal), ("from_stop", 0), ("to_stop", 2)):
        assert f'name="{name}" value="{value}"' in text
    assert 'name="quantity-1"' in text
    assert 'max="9"' in text
    assert "€9.50" in text
    assert "1 stop, 50 min" in text


def test_a_journey_with_changes_is_ordered_whole(lines: dict[str, Event]) -> None:
    day, hills = trip(lines, "R1", "t1"), trip(lines, "R2", "h1")
    rides = f"{day.event_id}.{day.ordinal}.0.1~{hills.event_id}.{hills.ordinal}.0.1"
    text = page("/en/trips/journey/", rides=rides)
    assert 'action="/hot/holds"' in text
    assert f'name="leg-2-event" value="{hills.event_id}"' in text
    assert 'name="leg-1-ticket_type" value="1"' in text
    assert 'name="quantity"' in text
    assert f'name="journey" value="{rides}"' in text
    assert "Change in Brea: 10 min" in text
    assert "best free seats" in text


@pytest.mark.parametrize(
    "rides", ["", "1", "1.1.0.1~", "a.b.c.d", "1.1.0.1~2.2.0.1~3.3.0.1~4.4.0.1", "9999999999.1.0.1"]
)
def test_nonsense_is_not_found(lines: dict[str, Event], rides: str) -> None:
    assert get("/en/trips/journey/", rides=rides).status_code == 404


def test_rides_that_do_not_follow_each_other_are_not_found(lines: dict[str, Event]) -> None:
    day, hills = trip(lines, "R1", "t1"), trip(lines, "R2", "h1")
    backwards = f"{hills.event_id}.{hills.ordinal}.0.1~{day.event_id}.{day.ordinal}.0.1"
    assert get("/en/trips/journey/", rides=backwards).status_code == 404


def test_a_refusal_is_told_on_the_journey(lines: dict[str, Event]) -> None:
    day = trip(lines, "R1", "t1")
    text = page(
        "/en/trips/journey/",
        rides=f"{day.event_id}.{day.ordinal}.0.2",
        problem="inventory.sold_out",
        left="1",
        ticket_type="1",
        **{"quantity-1": "3"},
    )
    assert "Not enough tickets left" in text
    assert 'href="#quantity-1"' in text
    assert 'id="quantity-1" value="3"' in text


def test_a_line_leads_to_the_search_instead_of_its_dates(lines: dict[str, Event]) -> None:
    event = lines["R1"]
    text = page(f"/en/e/{event.id}-{event.slug}/")
    assert 'action="/en/trips/"' in text
    assert 'value="Alba"' in text
    assert "Doma" in text
    assert "/hot/holds" not in text
    day = trip(lines, "R1", "t1")
    response = get(f"/en/e/{event.id}-{event.slug}/", date=str(day.ordinal))
    assert response.headers["Location"] == f"/en/trips/journey/?rides={event.id}.{day.ordinal}.0.3"


def test_the_basket_tells_from_where_to_where(lines: dict[str, Event]) -> None:
    visitor_id = uuid4()
    client = Client()
    client.cookies[COOKIE] = sign_visitor(visitor_id, settings.SECRET_KEY)
    day = trip(lines, "R1", "t1")
    offer = run_verb(load_offer(day.event_id, [day.ordinal]))
    assert offer is not None
    request = HoldRequest(uuid4(), visitor_id, (Wish(day.ordinal, 1, 2, 1, 2),))
    (held,) = run_verb(hold_places(offer, None, [request], timezone.now()))
    assert isinstance(held, Hold)
    client.get("/checkout/add/", {"event": day.event_id, "hold": str(held.id), "language": "en"})
    text = " ".join(client.get("/checkout/").content.decode().split())
    assert "<strong>Brea → Cala</strong> · 101" in text
    assert "08:22 CET" in text
    assert "€10.00" in text


def test_the_home_page_leads_travellers_on(lines: dict[str, Event]) -> None:
    ids = [event.id for event in lines.values()]
    refresh_summaries(ids, timezone.now(), lambda event_id: run_verb(free_places(event_id)))
    assert 'href="/en/trips/"' in page("/en/")


def test_the_sitemap_has_the_search_for_trips(lines: dict[str, Event]) -> None:
    assert f"{settings.SITE_ORIGIN}/es/trips/" in page("/sitemap.xml")
