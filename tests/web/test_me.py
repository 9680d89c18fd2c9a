"""My tickets: who sees which order, the link from the mail, getting that mail again."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.cast import make_event, make_user, unique
from tests.notifications.purchases import buy
from tests.signing_in import sign_in
from tests.web.opened import browser_of
from tmam.catalog.models import Date, Event
from tmam.gates.models import Redemption
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.orders.models import Order
from tmam.platform.event_log import drain
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """The limits of the tests before."""
    cache.clear()


def coming_event(**fields: object) -> Event:
    return make_event(now=timezone.now(), **fields)


def bought(email: str | None = None, event: Event | None = None, **fields: object) -> Order:
    event = event or coming_event()
    return buy(event, email=email or f"{unique('ana')}@buyers.example", now=timezone.now(), **fields)


def signed_in(email: str) -> Client:
    client = Client()
    sign_in(client, email)
    return client


def pages_of(order: Order) -> list[str]:
    base = f"/me/orders/{order.booking_reference}/"
    serial = Ticket.objects.filter(event_id=order.event_id, order_id=order.id).first().serial
    return [
        base,
        f"{base}files/pdf/",
        f"{base}files/ics/",
        f"{base}tickets/{serial}/files/pdf/",
        f"{base}tickets/{serial}/files/png/",
    ]


def test_strangers_get_the_same_answer_as_for_references_that_do_not_exist(client: Client) -> None:
    order = bought()
    for visitor in (client, signed_in(make_user().email)):
        for path in pages_of(order):
            missing = visitor.get(path.replace(order.booking_reference, "1-ZZZZZZ"))
            theirs = visitor.get(path)
            assert theirs.status_code == missing.status_code == 404
            assert "accounts.tickets_not_shown" in theirs.content.decode()
            assert theirs.content.decode().count(
                "accounts.tickets_not_shown"
            ) == missing.content.decode().count("accounts.tickets_not_shown")


@pytest.mark.parametrize(
    "reference", ["x", "1-", "-ABCDEF", "ÑÑÑ-ABCDEF", "9" * 40, "2147483648-ABCDEF", "ZZZZZZZ-ABCDEF"]
)
def test_garbage_references_are_not_found(client: Client, reference: str) -> None:
    assert client.get(f"/me/orders/{reference}/").status_code == 404


def test_an_unproven_address_opens_nothing() -> None:
    user = make_user(verified=False)
    order = bought(user.email)
    client = Client()
    client.force_login(user)
    assert client.get(f"/me/orders/{order.booking_reference}/").status_code == 404


def test_a_reference_may_be_typed_carelessly() -> None:
    user = make_user()
    order = bought(user.email)
    assert signed_in(user.email).get(f"/me/orders/{order.booking_reference.lower()}/").status_code == 200


def test_the_page_shows_what_the_door_needs() -> None:
    user = make_user()
    order = bought(user.email.upper(), holders=["Maria López", "<b>João</b>"])
    html = signed_in(user.email).get(f"/me/orders/{order.booking_reference}/").content.decode()
    for words in (
        order.booking_reference,
        "Winter Lights",
        "Sala Aurora",
        "CET",
        "Maria López",
        "Download PDF",
    ):
        assert words in html
    assert "&lt;b&gt;João" in html
    assert html.count("<svg xmlns") == 2, "one code per ticket, drawn in the page"
    assert 'style="' not in html


def test_a_date_of_several_days_is_told_as_a_span() -> None:
    user = make_user()
    event = coming_event()
    start = event.dates.get().starts_at.astimezone(ZoneInfo("Europe/Madrid"))
    end = start + timedelta(days=9)
    event.dates.update(ends_at=end)
    order = bought(user.email, event)
    html = signed_in(user.email).get(f"/me/orders/{order.booking_reference}/").content.decode()
    assert f"{end:%b %Y}" in html
    assert "Daily, as told by the organizer" in html


def test_where_only_live_codes_count_the_page_shows_no_still_one() -> None:
    user = make_user()
    order = bought(user.email, coming_event(live_codes_only=True))
    page = signed_in(user.email).get(f"/me/orders/{order.booking_reference}/").content.decode()
    assert page.count("is in a wallet only, where it changes") == 2
    assert "me-code" not in page
    assert "/files/png/" not in page


def test_a_cancelled_ticket_shows_no_code() -> None:
    user = make_user()
    order = bought(user.email)
    serial = Ticket.objects.filter(event_id=order.event_id, order_id=order.id).first().serial
    Ticket.objects.filter(event_id=order.event_id, serial=serial).update(state="cancelled")
    client = signed_in(user.email)
    html = client.get(f"/me/orders/{order.booking_reference}/").content.decode()
    assert html.count("<svg xmlns") == 1
    assert "admits nobody" in html
    assert client.get(f"/me/orders/{order.booking_reference}/tickets/{serial}/files/png/").status_code == 404


def test_every_page_of_an_order_wears_its_organizer_s_colour() -> None:
    user = make_user()
    order = bought(user.email)
    organizer = Event.objects.get(id=order.event_id).organizer_id
    client = signed_in(user.email)
    for rest in ("", "download/", "links/", "protect/", "wallet/"):
        html = client.get(f"/me/orders/{order.booking_reference}/{rest}").content.decode()
        assert f'href="/brand/{organizer}.css' in html, rest
    assert "/brand/" not in client.get("/me/tickets/").content.decode()


def test_a_used_ticket_says_so_in_words_and_offers_nothing() -> None:
    user = make_user()
    order = bought(user.email)
    first, second = Ticket.objects.filter(event_id=order.event_id).order_by("serial")
    use(first)
    client = signed_in(user.email)
    page = f"/me/orders/{order.booking_reference}/"
    html = client.get(page).content.decode()
    assert html.count("It let somebody in on") == 1
    assert "nothing to show or download any more" in html
    assert f"tickets/{first.serial}/files/" not in html
    assert f"tickets/{second.serial}/files/" in html
    forms = client.get(f"{page}download/").content.decode()
    assert f"1 ticket was used already: there is nothing to download for it. (Ticket {first.serial})" in forms
    assert f"?ticket={first.serial}" not in forms
    assert f"download/pdf/?ticket={second.serial}" in forms, "the file of all would hold the used one"
    assert "1 ticket, in every form you like" in forms
    assert f"tickets/{second.serial}/files/pdf/" in html
    use(second)
    assert "Download PDF" not in client.get(page).content.decode()
    assert "Your tickets were used" in client.get(f"{page}download/").content.decode()


def use(ticket: Ticket) -> None:
    """Somebody came in with it."""
    Redemption.objects.create(
        event_id=ticket.event_id,
        serial=ticket.serial,
        date_ordinal=ticket.date_ordinal,
        scan_id=uuid4(),
        gate_number=1,
        at=timezone.now(),
    )


def test_the_list_has_coming_orders_first_and_past_ones_below() -> None:
    user = make_user()
    later = bought(user.email, coming_event(starts_in=timedelta(days=30)))
    sooner = bought(user.email, coming_event(starts_in=timedelta(days=3)))
    past = bought(user.email, coming_event(starts_in=timedelta(days=2)))
    ago = timezone.now() - timedelta(days=5)
    Date.objects.filter(event_id=past.event_id).update(starts_at=ago, ends_at=ago + timedelta(hours=1))
    drain()
    html = signed_in(user.email).get("/me/tickets/").content.decode()
    places = [html.index(order.booking_reference) for order in (sooner, later, past)]
    assert places == sorted(places)
    assert html.index('id="past"') < places[2]


def test_an_empty_account_teaches() -> None:
    html = signed_in(make_user().email).get("/me/tickets/").content.decode()
    assert "No tickets yet" in html
    assert 'href="/me/tickets/lost/"' in html


def test_lost_mail_answers_alike_and_tells_only_the_owner() -> None:
    owner = f"{unique('ana')}@buyers.example"
    order = bought(owner)
    drain()
    answers = []
    for email in (owner, f"{unique('nobody')}@buyers.example"):
        client = Client()
        response = client.post("/me/tickets/lost/", {"email": email})
        page = client.get(response.headers["Location"]).content.decode()
        answers.append(
            (response.status_code, response.headers["Location"], page.replace(email, "").count("\n"))
        )
        mail = Mail.objects.get(template="lost_tickets", to=email)
        body = str(compose_mail(mail, timezone.now()).body)
        assert (order.booking_reference in body) == (email == owner)
        assert ("/me/tickets/open/?t=" in body) == (email == owner)
    assert answers[0] == answers[1]


def test_lost_mail_is_sent_three_times_an_hour_at_most_with_the_same_words() -> None:
    email = f"{unique('ana')}@buyers.example"
    places = {Client().post("/me/tickets/lost/", {"email": email}).headers["Location"] for _ in range(5)}
    assert places == {"/me/tickets/lost/sent/"}
    assert Mail.objects.filter(to=email).count() in {3, 4}, "4 when the clock hour turned in between"


def test_one_network_cannot_mail_the_whole_world(client: Client) -> None:
    answers = [client.post("/me/tickets/lost/", {"email": f"{unique('x')}@b.example"}) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert "accounts.too_many_requests" in answers[-1].content.decode()


def test_a_mistyped_address_is_said_at_the_field(client: Client) -> None:
    response = client.post("/me/tickets/lost/", {"email": "maria@"})
    html = response.content.decode()
    assert response.status_code == 422
    assert 'href="#id_email"' in html
    assert 'value="maria@"' in html


def test_an_account_starts_with_the_bought_address_and_never_in_the_link(client: Client) -> None:
    order = bought()
    assert client.post("/me/account/start/", {"reference": order.booking_reference}).status_code == 404
    browser_of(order, client)
    response = client.post("/me/account/start/", {"reference": order.booking_reference})
    assert response.headers["Location"] == "/accounts/signup/"
    assert f'value="{order.email}"' in client.get("/accounts/signup/").content.decode()
    assert (
        'value="attacker'
        not in Client().get("/accounts/signup/?email=attacker@evil.example").content.decode()
    )


def test_downloads_have_good_names_and_are_kept_by_nobody() -> None:
    user = make_user()
    order = bought(user.email)
    client = signed_in(user.email)
    kinds = {"pdf": b"%PDF-", "png": b"\x89PNG", "ics": b"BEGIN:VCALENDAR"}
    for path in pages_of(order)[1:]:
        response = client.get(path)
        assert response.status_code == 200
        assert response.content.startswith(kinds[path[-4:-1]])
        assert "private" in response.headers["Cache-Control"]
        assert "no-store" in response.headers["Cache-Control"]
        assert order.booking_reference in response.headers["Content-Disposition"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_ticket_of_another_order_is_not_in_this_one() -> None:
    user = make_user()
    event = coming_event()
    mine, other = bought(user.email, event), bought(event=event)
    serial = Ticket.objects.filter(event_id=event.id, order_id=other.id).first().serial
    client = signed_in(user.email)
    assert client.get(f"/me/orders/{mine.booking_reference}/tickets/{serial}/files/png/").status_code == 404
    assert (
        client.get(f"/me/orders/{mine.booking_reference}/tickets/99999999999999999999.png").status_code == 404
    )
