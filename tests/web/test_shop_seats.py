"""Numbered seats on an event's page as the server writes it: choices, refusals, codes, the list of free seats."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.cast import Type, make_event, make_seated_event, make_trip_event
from tests.web.halls import make_theatre
from tmam.catalog.models import Date, Event, Seat, TicketType
from tmam.catalog.offers import load_offer
from tmam.catalog.sales_rules import SalesCode
from tmam.inventory.draws import HoldRequest, Wish
from tmam.inventory.hold_places import hold_places
from tmam.inventory.holds import Hold
from tmam.inventory.seat_plans import load_plan
from tmam.kernel.ids import new_uuid7
from tmam.platform.statements import run_verb
from tmam.web.shop.plan_shelf import kept_plan

pytestmark = pytest.mark.django_db


def theatre(**fields: object) -> Event:
    return make_theatre(now=timezone.now(), **fields)


def get(path: str) -> HttpResponse:
    response: HttpResponse = Client().get(path)  # type: ignore[assignment]
    return response


def page(event: Event, query: str = "", part: str = "") -> str:
    response = get(f"/en/e/{event.id}-{event.slug}/{part}{query}")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def hold(event: Event, *seats: int, ticket_type: int = 1) -> None:
    offer = run_verb(load_offer(event.id))
    assert offer is not None
    assert offer.seat_plan_id is not None
    now = timezone.now()
    wish = Wish(1, ticket_type, len(seats), seats=seats)
    request = HoldRequest(new_uuid7(now), uuid4(), (wish,))
    (answer,) = run_verb(hold_places(offer, run_verb(load_plan(offer.seat_plan_id)), [request], now))
    assert isinstance(answer, Hold)


def presale(event: Event, **fields: object) -> None:
    """General sales begin tomorrow; whoever has the code FRIENDS may buy since an hour ago."""
    now = timezone.now()
    Date.objects.filter(event=event).update(sales_start_at=now + timedelta(days=1))
    defaults: dict[str, object] = {
        "code": "FRIENDS",
        "kind": "presale",
        "uses": 50,
        "opens_at": now - timedelta(hours=1),
    }
    SalesCode.objects.create(event=event, ordinal=1, **(defaults | fields))


def test_the_plan_is_a_document_of_its_own_that_may_be_kept_for_ever() -> None:
    html = page(theatre())
    found = re.search(r'data-plan="(/plans/\d+-[0-9a-f]{12}\.json)"', html)
    assert found is not None
    response = get(found[1])
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Type"] == "application/json"
    assert [block["name"] for block in response.json()["blocks"]] == [  # type: ignore[attr-defined]  # of the test client
        "Stalls",
        "Dress Circle",
        "Upper Circle",
    ]


def test_an_outdated_plan_leads_to_the_one_of_now() -> None:
    event = theatre()
    response = get(f"/plans/{event.seat_plan_id}-0123456789ab.json")
    assert (response.status_code, response.headers["Cache-Control"]) == (302, "no-store")
    assert get(response.headers["Location"]).status_code == 200


@pytest.mark.parametrize("path", ["/plans/999999999-0123456789ab.json", "/plans/99999999999999999999-x.json"])
def test_no_such_plan(path: str) -> None:
    assert get(path).status_code == 404


def test_a_changed_plan_gets_a_new_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tmam.web.shop.plan_shelf.TRUSTED_S", -1)
    event = theatre()
    assert event.seat_plan_id is not None
    before = kept_plan(event.seat_plan_id)
    assert kept_plan(event.seat_plan_id).plan is before.plan
    Seat.objects.filter(plan_id=event.seat_plan_id, number_in_plan=7).update(seat_label="7a")
    after = kept_plan(event.seat_plan_id)
    assert after.path != before.path
    assert after.plan.by_number[7].seat_label == "7a"


def test_sections_and_wheelchair_places_are_fields_of_the_form() -> None:
    html = page(theatre())
    assert 'name="section-1"' in html
    assert '<option value="2">Dress Circle</option>' in html
    assert 'name="section-3"' not in html  # all of category C is in the upper circle
    assert re.findall(r'name="accessible-(\d)"', html) == ["2"]
    assert re.search(r'id="accessible-2" value="0" min="0" max="4"', html)


@pytest.mark.parametrize("make", [make_event, make_trip_event])
def test_without_a_hall_there_is_no_plan(make: type) -> None:
    html = page(make(now=timezone.now()))
    assert "data-plan" not in html
    assert "pages/seats.css" not in html


def test_seats_named_in_the_address_are_picked_where_they_are_sold_so() -> None:
    html = page(theatre(), "?date=1&seat-30=1&seat-1=2&seat-2=1&seat-999=1&seat-3=9&seat-x=1")
    assert re.findall(r'name="seat-(\d+)" value="(\d)" checked', html) == [("1", "2"), ("30", "1")]
    assert "Stalls · row A · seat 1" in html


def test_taken_seats_are_named_and_the_nearest_offered_in_one_tap() -> None:
    query = "?date=1&problem=inventory.seats_taken&taken=29,30&alternative=33,34&seat-29=1&seat-30=1&seat-1=2"
    html = page(theatre(), query)
    assert "Just taken: Stalls · row C · seats 1–2." in html
    offer = "/en/e/{}-winter-lights/?date=1&amp;seat-1=2&amp;seat-33=1&amp;seat-34=1#order"
    event_id = re.search(r'name="event" value="(\d+)"', html)
    assert event_id is not None
    assert html.count(f'href="{offer.format(event_id[1])}"') == 2  # in the summary and at the seats
    assert "Take Stalls · row C · seats 5–6 instead" in html
    assert '<a href="#seats">' in html


def test_a_seat_left_alone_is_named() -> None:
    query = "?date=1&problem=inventory.single_seat_left&alone=29&alternative=29,30&seat-30=1&seat-31=1"
    html = page(theatre(), query)
    assert "It would leave alone: Stalls · row C · seat 1." in html
    assert "Take Stalls · row C · seats 1–2 instead" in html


@pytest.mark.parametrize(
    "query",
    [
        "taken=29&alternative=33&seat-28=2",  # the refused seat is in no line
        "taken=29&alternative=33,34&seat-29=1",  # more than were asked for
        "taken=x&alternative=<b>&seat-29=1",
        "taken=29&alternative=9999&seat-29=1",
        "taken=29&alternative=&seat-29=1",
    ],
)
def test_a_made_up_alternative_is_not_offered(query: str) -> None:
    html = page(theatre(), f"?date=1&problem=inventory.seats_taken&{query}")
    assert "instead" not in re.sub(r'data-words="[^"]*"', "", html)
    assert "<b>" not in html


def test_an_offer_keeps_the_code_and_other_tickets() -> None:
    query = (
        "?date=1&problem=inventory.seats_taken&taken=29&alternative=33&seat-29=1&quantity-3=2&code=FRIENDS"
    )
    html = page(theatre(), query)
    assert "seat-33=1&amp;quantity-3=2&amp;code=FRIENDS#order" in html


def test_who_chose_nothing_is_led_to_the_seats() -> None:
    html = page(theatre(), "?date=1&problem=inventory.nothing_chosen")
    assert '<a href="#seats">' in html
    assert '<a href="#quantity-2">' in page(
        theatre(), "?date=1&problem=inventory.no_fitting_seats&ticket_type=2&quantity-2=3"
    )


def test_what_is_left_may_be_taken_when_not_everything_is() -> None:
    event = make_event(now=timezone.now())
    assert 'name="take"' not in page(event)
    query = "?date=1&problem=inventory.sold_out&left=3&ticket_type=1&quantity-1=7"
    assert 'name="take" value="what_is_left">' in page(event, query)
    assert 'name="take" value="what_is_left" checked>' in page(event, query + "&take=what_is_left")


def test_a_limit_is_told_where_seats_are_picked() -> None:
    query = "?date=1&problem=inventory.limit_reached&limit=email&most=4&left=1&seat-29=1"
    html = page(theatre(), query)
    assert re.search(r'class="field__error">.*?at most 4 tickets of this event; 1 more', html)


@pytest.mark.parametrize("code", ["code_unknown", "code_used_up", "code_needed"])
def test_a_refused_code_is_told_at_its_field(code: str) -> None:
    html = page(theatre(), f"?date=1&problem=inventory.{code}&left=0&code=SPRING")
    assert '<a href="#code">' in html
    assert 'aria-describedby="code-hint code-error" aria-invalid="true"' in html
    assert 'value="SPRING"' in html


def test_the_code_field_is_closed_until_it_is_of_use() -> None:
    event = theatre()
    assert 'code-choice">' in page(event)
    assert 'code-choice" open>' in page(event, "?code=FRIENDS")
    TicketType.objects.filter(event=event, ordinal=2).update(needs_code=True)
    html = page(event)
    assert 'code-choice" open>' in html
    assert "Sold with a code only." in html


def test_a_code_opens_sales_before_they_open_for_all() -> None:
    event = make_event(now=timezone.now(), types=(Type(name="Early"), Type(name="Late")))
    presale(event, ticket_types=[1])
    html = page(event)
    assert "On sale soon" in html
    assert "A code opens them now:" in html
    assert 'code-choice" open>' in html
    assert 'name="quantity-1"' in html
    assert 'name="quantity-2"' not in html


@pytest.mark.parametrize(
    "fields",
    [
        {"opens_at": None},
        {"opens_at": timezone.now() + timedelta(hours=1)},
        {"opens_at": timezone.now() - timedelta(days=2), "ends_at": timezone.now() - timedelta(days=1)},
        {"ticket_types": [9]},
    ],
)
def test_a_code_that_is_not_good_yet_opens_nothing(fields: dict[str, object]) -> None:
    event = make_event(now=timezone.now())
    presale(event, **fields)
    html = page(event)
    assert "On sale soon" in html
    assert "A code opens them now:" not in html
    assert 'name="quantity-1"' not in html


def test_the_list_has_the_free_seats_of_a_section() -> None:
    event = theatre()
    hold(event, 29, 30)
    html = page(event, "?date=1", "seats/")
    seats = re.findall(r'name="seat-(\d+)" value="1"', html)
    assert seats == [str(number) for number in range(31, 109)]
    assert "Stalls · 78 free" in html
    assert "Row C" in html
    circle = page(event, "?date=1&type=1&section=2", "seats/")
    assert len(re.findall(r'name="seat-\d+" value="1"', circle)) == 36


def test_the_list_says_which_are_wheelchair_places() -> None:
    html = page(theatre(), "?date=1&type=2", "seats/")
    assert html.count('<span class="visually-hidden">Wheelchair place</span>') == 4


def test_a_large_section_comes_in_parts() -> None:
    event = make_seated_event(now=timezone.now(), rows=40, seats_per_row=20)
    html = page(event, "?date=1", "seats/")
    assert html.count('type="checkbox"') == 300
    assert "Rows 1–15" in html
    last = page(event, "?date=1&page=2", "seats/")
    assert last.count('type="checkbox"') == 200
    assert page(event, "?date=1&page=99", "seats/").count("checkbox") == 200


def test_a_sold_out_list_teaches() -> None:
    event = make_seated_event(now=timezone.now(), rows=1, seats_per_row=2)
    hold(event, 1, 2)
    html = page(event, "?date=1", "seats/")
    assert "No free seats here" in html
    assert "Back to the tickets" in html


def test_the_list_leads_back_where_nothing_can_be_picked() -> None:
    now = timezone.now()
    event = make_event(now=now)
    response = get(f"/en/e/{event.id}-{event.slug}/seats/?date=1")
    assert (response.status_code, response.headers["Location"]) == (
        302,
        f"/en/e/{event.id}-{event.slug}/?date=1#order",
    )
    soon = theatre()
    Date.objects.filter(event=soon).update(sales_start_at=now + timedelta(days=1))
    assert get(f"/en/e/{soon.id}-{soon.slug}/seats/?date=1").status_code == 302
    presale(soon, ticket_types=[3])
    assert re.findall(r'name="seat-\d+" value="(\d)"', page(soon, "?date=1", "seats/"))[0] == "3"


@pytest.mark.parametrize("query", ["", "?date=7", "?date=x"])
def test_the_list_needs_a_date(query: str) -> None:
    event = theatre()
    assert get(f"/en/e/{event.id}-{event.slug}/seats/{query}").status_code == 404


def test_the_list_is_the_same_for_everyone() -> None:
    event = theatre()
    response = get(f"/en/e/{event.id}-{event.slug}/seats/?date=1")
    assert response.headers["Cache-Control"] == "public, max-age=1"
    assert response.headers["ETag"]
    assert b"csrf" not in response.content
    assert get(f"/en/e/{event.id}-old/seats/?date=1").status_code == 302
