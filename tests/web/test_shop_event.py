import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.cast import Type, make_event, make_seated_event, make_venue
from tmam.catalog.models import Date, Event
from tmam.catalog.sales_rules import SalesLimit
from tmam.inventory.models import Counter

pytestmark = pytest.mark.django_db


def put(**fields: object) -> Event:
    return make_event(now=timezone.now(), **fields)  # type: ignore[arg-type]


def address(event: Event, query: str = "", language: str = "en") -> str:
    return f"/{language}/e/{event.id}-{event.slug}/{query}"


def get(path: str, **headers: str) -> HttpResponse:
    response: HttpResponse = Client().get(path, headers=headers)  # type: ignore[assignment]
    return response


def page(event: Event, query: str = "", language: str = "en") -> str:
    response = get(address(event, query, language))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def structured(html: str) -> list[dict[str, object]]:
    text = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert text is not None
    graph: list[dict[str, object]] = json.loads(text[1])["@graph"]
    return graph


def test_a_public_page_is_the_same_for_everyone() -> None:
    response = get(address(put()))
    assert response.headers["Cache-Control"] == "public, max-age=1"
    assert response.headers["ETag"]
    assert "Vary" not in response.headers
    assert not response.cookies
    assert b"csrfmiddlewaretoken" not in response.content
    assert b"style=" not in response.content


def test_an_unchanged_page_is_not_sent_again() -> None:
    path = address(put())
    etag = get(path).headers["ETag"]
    again = get(path, if_none_match=etag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == "public, max-age=1"


def test_the_page_stays_within_its_budget() -> None:
    assert len(get(address(put(dates=30), "?date=3")).content) < 60_000


def test_price_left_and_rules_stand_on_the_page() -> None:
    event = put(types=(Type(4500, name="Stalls", fee_minor=200, tax_basis_points=1000),), capacity=93)
    html = page(event)
    assert "€45.00" in html
    assert "€2.00 fee and €3.91 tax inside" in html
    assert "93 left" in html
    assert "You can give your ticket to somebody else" in html
    assert "On sale until" in html
    assert "reserved for you for 10 minutes" in html
    assert "Calle Mayor 1" in html
    assert 'href="https://www.openstreetmap.org/?mlat=40.41550&amp;mlon=-3.70740' in html


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("free", "whoever brings it gets in"),
        ("name_change", "by changing the name"),
        ("none", "cannot be passed on"),
    ],
)
def test_the_transfer_policy_is_one_sentence(policy: str, words: str) -> None:
    assert words in page(put(transfer_policy=policy))


def test_the_form_asks_the_hot_shell() -> None:
    event = put(types=(Type(max_per_order=4), Type(name="Group", min_per_order=5)), max_per_order=8)
    html = page(event)
    assert '<form action="/hot/holds" method="post"' in html
    assert f'name="event" value="{event.id}"' in html
    assert 'name="date" value="1"' in html
    assert 'name="language" value="en"' in html
    assert re.search(r'name="quantity-1" id="quantity-1" value="0" min="0" max="4"', html)
    assert re.search(r'data-first="5".*name="quantity-2" id="quantity-2" value="0" min="0" max="8"', html)
    assert "Sold from 5 tickets upwards." in html


def test_a_refusal_is_told_where_it_can_be_put_right() -> None:
    event = put(types=(Type(), Type(name="Second")))
    html = page(event, "?date=1&problem=inventory.sold_out&left=3&ticket_type=2&quantity-2=7")
    assert "<title>Error: Winter Lights" in html
    assert 'href="#quantity-2"' in html
    assert re.search(r'name="quantity-2" id="quantity-2" value="7"', html)
    assert "/en/help/errors/inventory.sold_out/" in html


def test_a_forged_refusal_shows_nothing_of_its_own() -> None:
    html = page(put(), "?problem=inventory.sold_out&left=%3Cscript%3Ealert(1)%3C/script%3E&evil=call+555")
    assert "alert(1)" not in html
    assert "call 555" not in html


def test_other_slugs_lead_to_the_right_one() -> None:
    event = put(dates=2)
    for wrong in ("-", "", "-other", "-" + "x" * 500):
        response = get(f"/en/e/{event.id}{wrong}/?date=2")
        assert (response.status_code, response.headers["Location"]) == (301, address(event, "?date=2"))


@pytest.mark.parametrize("event_id", ["0", "999999999", "2147483648", "9" * 30, "9" * 5000])
def test_an_event_that_does_not_exist(event_id: str) -> None:
    response = get(f"/en/e/{event_id}-x/")
    assert response.status_code == 404
    assert b"platform.not_found" in response.content


def test_a_draft_is_nobodys_business() -> None:
    event = put(status="draft")
    assert get(address(event)).status_code == 404


def test_an_event_without_dates_is_not_shown() -> None:
    event = put()
    Date.objects.filter(event=event).delete()
    assert get(address(event)).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "?date=77",
        "?date=x",
        "?date=-1",
        "?date=99999999999",
        "?date=%00",
        "?day=2026-13-45",
        "?problem=%00&left=%ff",
    ],
)
def test_an_unreadable_address_still_shows_the_event(query: str) -> None:
    assert "Reserve tickets" in page(put(dates=2), query)


def test_another_method_is_told_so() -> None:
    response = Client().post(address(put()))
    assert response.status_code == 405


def test_the_first_date_with_places_is_chosen() -> None:
    event = put(dates=3)
    Counter.objects.filter(event_id=event.id, date_ordinal=1).update(capacity=0)
    assert 'name="date" value="2"' in page(event)
    assert "Sold out" in page(event, "?date=1")
    assert "Reserve tickets" not in page(event, "?date=1")


def test_many_dates_are_grouped_by_day() -> None:
    event = put(dates=9)
    html = page(event, "?date=4")
    assert html.count('class="day"') == 9
    assert html.count('aria-current="date"') == 1
    assert html.count('class="time"') == 1


def test_few_dates_are_a_list() -> None:
    html = page(put(dates=3))
    assert 'class="day"' not in html
    assert html.count('class="time"') == 3


def test_a_day_asked_for_leads_to_its_first_date() -> None:
    event = put(dates=5)
    third = event.dates.get(ordinal=3)
    day = third.starts_at.astimezone(ZoneInfo(third.time_zone)).date()
    response = get(address(event, f"?day={day.isoformat()}"))
    assert (response.status_code, response.headers["Location"]) == (302, address(event, "?date=3"))
    response = get(address(event, "?day=2999-01-01"))
    assert response.headers["Location"] == address(event)


def test_a_cancelled_event() -> None:
    html = page(put(status="cancelled"))
    assert "This event is cancelled" in html
    assert "Reserve tickets" not in html
    assert structured(html)[0]["eventStatus"] == "https://schema.org/EventCancelled"


def test_a_cancelled_date() -> None:
    event = put(dates=2)
    Date.objects.filter(event=event, ordinal=1).update(is_cancelled=True)
    assert "This date is cancelled" in page(event, "?date=1")
    assert 'name="date" value="2"' in page(event)


def test_on_sale_soon_shows_prices_but_no_form() -> None:
    now = timezone.now()
    event = put()
    Date.objects.filter(event=event).update(sales_start_at=now + timedelta(days=1))
    html = page(event)
    assert "Sales start on" in html
    assert "€45.00" in html
    assert "Reserve tickets" not in html
    assert "On sale soon" in page(put(status="soon"))


def test_ended_sales_and_past_dates() -> None:
    now = timezone.now()
    event = put()
    Date.objects.filter(event=event).update(sales_end_at=now - timedelta(hours=1))
    assert "Sales have ended" in page(event)
    Date.objects.filter(event=event).update(
        starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1)
    )
    assert "This date is over" in page(event)


def test_numbered_seats_say_how_they_are_chosen() -> None:
    html = page(make_seated_event(now=timezone.now(), accessible=[1, 2]))
    assert "We choose the best free seats for you" in html
    assert "2 places for wheelchairs" in html


def test_what_search_engines_read() -> None:
    event = put(
        types=(Type(4500), Type(0, name="Child", pools=(2,))),
        capacities={1: 8, 2: 0},
        performers=["Ana Núñez"],
    )
    html = page(event)
    (described,) = structured(html)
    assert described["@type"] == "MusicEvent"
    assert described["name"] == "Winter Lights"
    assert described["eventStatus"] == "https://schema.org/EventScheduled"
    assert described["performer"] == [{"@type": "PerformingGroup", "name": "Ana Núñez"}]
    location = described["location"]
    assert isinstance(location, dict)
    assert location["address"]["addressLocality"] == "Madrid"
    offers = described["offers"]
    assert isinstance(offers, list)
    assert [(offer["price"], offer["priceCurrency"], offer["availability"]) for offer in offers] == [
        ("45.00", "EUR", "https://schema.org/LimitedAvailability"),
        ("0.00", "EUR", "https://schema.org/SoldOut"),
    ]
    assert f'<link rel="canonical" href="{settings.SITE_ORIGIN}{address(event)}">' in html
    assert f'hreflang="es" href="{settings.SITE_ORIGIN}{address(event, language="es")}"' in html


def test_nothing_in_a_title_ends_the_data_block() -> None:
    title = "</script><script>alert(1)</script> & <!--"
    html = page(put(title={"en": title}, venue=make_venue(name="A & B <i>")))
    assert "<script>alert" not in html
    assert structured(html)[0]["name"] == title


def test_the_page_speaks_the_language_of_its_address() -> None:
    html = page(put(), language="es")
    assert '<html lang="es"' in html
    assert "Luces de invierno" in html
    assert "45,00" in html


def test_the_limits_can_be_read_before_buying() -> None:
    event = put()
    assert "per person" not in page(event)
    for kind, most, exempt in (
        ("email", 6, []),
        ("account", 4, []),
        ("phone", 2, ["web"]),
        ("card", 1, []),
        ("card_day", 3, []),
        ("network", 20, ["partner"]),
    ):
        SalesLimit.objects.create(event=event, kind=kind, most=most, exempt_channels=exempt)
    told = (
        "Up to 10 tickets an order. At most 4 tickets per person. 1 ticket per card. "
        "At most 3 tickets per card and day. At most 20 tickets per internet connection."
    )
    assert told in page(event)
