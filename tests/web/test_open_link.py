"""Opening a link: the first browser is let in, the next one proves that it may, and what a link says stays unsaid."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageDraw

from tests.cast import make_event, make_user, unique
from tests.delivery.outside import codes_in
from tests.notifications.purchases import buy
from tests.signing_in import sign_in
from tests.web.opened import browser_of
from tmam.catalog.models import Date
from tmam.fulfilment.errors import WalletCodeError
from tmam.fulfilment.links import judge_link
from tmam.fulfilment.links.stop_links import link_uses
from tmam.fulfilment.models import LinkStop, LinkUse
from tmam.fulfilment.wallet.offers import offer_tickets, take_offer
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.orders.models import Order
from tmam.orders.move_orders import move_orders
from tmam.orders.order_links import Purpose, sign_open_link, sign_ticket_link
from tmam.orders.order_summary import summarize_order
from tmam.platform.event_log import drain
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db

OPENING = "/me/tickets/opening/"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """The limits of the tests before."""
    cache.clear()


@pytest.fixture
def order() -> Order:
    return bought()


def bought() -> Order:
    event = make_event(now=timezone.now())
    return buy(event, email=f"{unique('ana')}@buyers.example", now=timezone.now())


def follow(client: Client, secret: str) -> str:
    """Where a link leads in this browser, without pressing anything."""
    return client.get("/me/tickets/open/", {"t": secret}, follow=True).request["PATH_INFO"]


def code_of(order: Order) -> str:
    mail = Mail.objects.filter(to=order.email, template="link_code").latest("id")
    assert re.search(r"\d{6}", str(compose_mail(mail, timezone.now()).body))
    return str(mail.context["code"])


def sees(client: Client, order: Order) -> bool:
    return client.get(f"/me/orders/{order.booking_reference}/").status_code == 200


def test_the_link_from_the_mail_opens_its_order_and_no_other(order: Order) -> None:
    other, client, secret = bought(), Client(), sign_open_link(order)
    first = client.get("/me/tickets/open/", {"t": secret})
    assert (first.status_code, first.headers["Location"]) == (302, OPENING), "no secret in this address"
    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in first.headers["Cache-Control"]
    page = client.get(OPENING)
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "same-origin", "the form needs its origin"
    assert secret not in page.content.decode()
    assert not sees(client, order), "whoever only looks at links gets nothing"
    assert not LinkUse.objects.filter(order_id=order.id).exists(), "and uses nothing up"
    second = client.post(OPENING, {"action": "open"})
    assert second.headers["Location"] == f"/me/orders/{order.booking_reference}/"
    assert sees(client, order)
    assert not sees(client, other)
    assert order.booking_reference in client.get("/me/tickets/").content.decode()
    cookie = second.cookies[settings.LINK_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_known_browser_comes_again_without_a_button(order: Order) -> None:
    secret = sign_open_link(order)  # signed to the second: on a slow machine two would be two links
    client = browser_of(order, secret=secret)
    del client.cookies[settings.SESSION_COOKIE_NAME]
    assert not sees(client, order)
    assert follow(client, secret) == f"/me/orders/{order.booking_reference}/"
    (use,) = LinkUse.objects.filter(order_id=order.id)
    assert (use.proof, use.times) == ("first", 2)


def test_a_strange_browser_gives_the_code_from_the_mail(order: Order) -> None:
    secret, stranger = sign_open_link(order), Client()
    browser_of(order, secret=secret)
    assert follow(stranger, secret) == OPENING
    page = stranger.get(OPENING).content.decode()
    event = order.booking_reference
    assert "Is it you?" in page
    assert order.email not in page
    assert event not in page
    stranger.post(OPENING, {"action": "open"})
    assert not sees(stranger, order), "the button of the first browser opens nothing for a second"
    assert stranger.post(OPENING, {"action": "send"}).status_code == 302
    page = stranger.get(OPENING).content.decode()
    assert "Type the code" in page
    assert order.email not in page
    assert stranger.post(OPENING, {"action": "code", "code": ""}).status_code == 422
    code = code_of(order)
    wrong = str((int(code) + 1) % 1_000_000).zfill(6)
    assert stranger.post(OPENING, {"action": "code", "code": wrong}).status_code == 422
    right = stranger.post(OPENING, {"action": "code", "code": f" {code[:3]} {code[3:]} "})
    assert right.headers["Location"] == f"/me/orders/{order.booking_reference}/"
    assert sees(stranger, order)
    assert {use.proof for use in LinkUse.objects.filter(order_id=order.id)} == {"first", "code"}


def test_three_wrong_codes_use_the_code_up(order: Order) -> None:
    secret, stranger = sign_open_link(order), Client()
    browser_of(order, secret=secret)
    follow(stranger, secret)
    stranger.post(OPENING, {"action": "send"})
    code = code_of(order)
    wrong = str((int(code) + 1) % 1_000_000).zfill(6)
    answers = [stranger.post(OPENING, {"action": "code", "code": wrong}).status_code for _ in range(3)]
    assert answers == [422, 422, 302]
    assert stranger.post(OPENING, {"action": "code", "code": code}).headers["Location"] == OPENING
    assert not sees(stranger, order)


def test_guesses_and_mails_are_limited_whatever_the_session(order: Order) -> None:
    secret, seen = sign_open_link(order), []
    browser_of(order, secret=secret)
    for _ in range(4):
        stranger = Client()
        follow(stranger, secret)
        sent = stranger.post(OPENING, {"action": "send"})
        seen += [sent.status_code]
        wrong = "x" + str((int(code_of(order)) + 1) % 1_000_000).zfill(6)
        seen += [stranger.post(OPENING, {"action": "code", "code": wrong}).status_code for _ in range(2)]
    assert 429 in seen, seen
    assert Mail.objects.filter(to=order.email, template="link_code").count() <= 5


def test_the_signed_in_buyer_needs_no_code_anywhere(order: Order) -> None:
    browser_of(order)
    make_user(order.email)
    client = Client()
    sign_in(client, order.email)
    assert follow(client, sign_open_link(order)) == f"/me/orders/{order.booking_reference}/"


def test_of_two_browsers_at_the_same_moment_one_is_the_first(order: Order) -> None:
    now, secret = timezone.now(), sign_open_link(order)
    both = [judge_link.judge_link(secret, "", now) for _ in range(2)]
    assert {each.standing for each in both} == {judge_link.Standing.FREE}
    won = [
        judge_link.use_link(each, key, "Browser", judge_link.Proof.FIRST, now)
        for each, key in zip(both, ("a", "b"), strict=True)
    ]
    assert won == [True, False]
    assert judge_link.judge_link(secret, "b", now).standing is judge_link.Standing.STRANGER


def test_a_link_to_one_file_opens_that_file_and_nothing_else(order: Order) -> None:
    ticket, another = Ticket.objects.filter(event_id=order.event_id).order_by("serial")
    phone = Client()
    assert follow(phone, sign_ticket_link(order, Purpose.FILE, ticket.serial, "code")) == OPENING
    assert "Download the ticket" in phone.get(OPENING).content.decode()
    target = phone.post(OPENING, {"action": "open"}).headers["Location"]
    base = f"/me/orders/{order.booking_reference}/"
    assert target == f"{base}tickets/{ticket.serial}/files/code/"
    assert phone.get(target).content.startswith(b"\x89PNG")
    for path in (
        base,
        f"{base}links/",
        f"{base}protect/",
        f"{base}files/pdf/",
        f"{base}tickets/{ticket.serial}/files/ics/",
        f"{base}tickets/{another.serial}/files/code/",
        f"{base}tickets/{ticket.serial}/phone/code/",
    ):
        assert phone.get(path).status_code == 404, path
    assert order.booking_reference not in phone.get("/me/tickets/").content.decode()
    assert phone.post(OPENING).headers["Location"] == target, "the same phone may fetch it again"
    assert follow(phone, sign_open_link(order)) == OPENING, "it is not known for the whole order"


def test_a_link_to_a_wallet_leads_there(order: Order) -> None:
    phone = Client()
    phone.get("/me/tickets/open/", {"t": sign_ticket_link(order, Purpose.WALLET, 1, "wallet")})
    assert phone.post(OPENING).headers["Location"] == "/wallet/"
    assert not sees(phone, order)


def test_stopped_links_and_the_browsers_they_let_in_are_out(order: Order) -> None:
    secret, theirs = sign_open_link(order), Client()
    mine = browser_of(order, secret=secret)
    follow(theirs, secret)
    theirs.post(OPENING, {"action": "send"})
    theirs.post(OPENING, {"action": "code", "code": code_of(order)})
    assert sees(theirs, order)
    listed = mine.get(f"/me/orders/{order.booking_reference}/links/").content.decode()
    assert listed.count("the whole booking") == 2
    assert "this browser" in listed
    LinkUse.objects.filter(order_id=order.id).update(browser="Mozilla/5.0 (X11; Linux) Firefox/150.0")
    assert "Firefox" in mine.get(f"/me/orders/{order.booking_reference}/links/").content.decode()
    assert theirs.get(f"/me/orders/{order.booking_reference}/links/stop/").status_code == 405
    stopped = mine.post(f"/me/orders/{order.booking_reference}/links/stop/")
    assert stopped.headers["Location"] == f"/me/orders/{order.booking_reference}/links/"
    assert (sees(mine, order), sees(theirs, order)) == (True, False)
    assert order.booking_reference not in theirs.get("/me/tickets/").content.decode()
    answer = Client().get("/me/tickets/open/", {"t": secret})
    assert answer.status_code == 410
    assert "fulfilment.link_stopped" in answer.content.decode()
    LinkStop.objects.filter(order_id=order.id).update(stopped_at=timezone.now() - timedelta(seconds=2))
    assert sees(browser_of(order, secret=sign_open_link(order)), order), "a new link works"


def test_a_new_address_stops_the_links_of_the_old_one(order: Order) -> None:
    secret = sign_open_link(order)
    Order.objects.filter(event_id=order.event_id, id=order.id).update(email="new@buyers.example")
    assert Client().get("/me/tickets/open/", {"t": secret}).status_code == 404


def test_the_browsers_of_a_lost_mailbox_are_out_when_the_order_moves(order: Order) -> None:
    drain()
    theirs, file, ticket = Client(), Client(), Ticket.objects.filter(event_id=order.event_id).first()
    assert ticket
    browser_of(order, theirs)
    file.get("/me/tickets/open/", {"t": sign_ticket_link(order, Purpose.FILE, ticket.serial, "code")})
    target = file.post(OPENING, {"action": "open"}).headers["Location"]
    code = offer_tickets(summarize_order(order), None, timezone.now())
    assert (sees(theirs, order), file.get(target).status_code) == (True, 200)
    move_orders(from_address=order.email, to_address="new@buyers.example")
    assert (sees(theirs, order), file.get(target).status_code) == (False, 404)
    assert order.booking_reference not in theirs.get("/me/tickets/").content.decode()
    assert not LinkUse.objects.filter(order_id=order.id).exists()
    with pytest.raises(WalletCodeError):
        take_offer(code, b"d" * 32, timezone.now())
    order.refresh_from_db(fields=["email"])
    assert follow(theirs, sign_open_link(order)) == OPENING, "not known for the new address's links either"
    assert sees(browser_of(order), order)


def test_a_file_s_link_lets_in_for_a_day_and_is_listed_as_long(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, ticket = Client(), Ticket.objects.filter(event_id=order.event_id).first()
    assert ticket
    follow(phone, sign_ticket_link(order, Purpose.FILE, ticket.serial, "code"))
    target = phone.post(OPENING, {"action": "open"}).headers["Location"]
    begun = timezone.now()
    for later, fetched, listed in ((timedelta(hours=23), 200, 1), (timedelta(hours=25), 404, 0)):
        monkeypatch.setattr("tmam.web.me.access.timezone.now", lambda later=later: begun + later)
        assert phone.get(target).status_code == fetched
        assert len(link_uses(order, begun + later)) == listed


@pytest.mark.parametrize("text", ["", "x", "é", "\x00", "a" * 5_000])
def test_what_is_no_link_says_so_and_shows_the_way_out(text: str, client: Client) -> None:
    response = client.get("/me/tickets/open/", {"t": text})
    assert response.status_code == 404
    page = response.content.decode()
    assert "accounts.link_not_valid" in page
    assert "/me/tickets/" in page
    assert client.get(OPENING).headers["Location"] == "/me/tickets/"
    assert client.post(OPENING, {"action": "code", "code": "1"}).headers["Location"] == "/me/tickets/"


def test_going_back_after_a_link_was_opened_leads_to_its_order(order: Order) -> None:
    client, opened = browser_of(bought()), f"/me/orders/{order.booking_reference}/"
    browser_of(order, client)
    assert client.get(OPENING).headers["Location"] == opened
    assert client.post(OPENING, {"action": "open"}).headers["Location"] == opened


def test_going_back_is_no_guess(client: Client) -> None:
    answers = {client.get(path).status_code for _ in range(60) for path in (OPENING, "/me/tickets/open/")}
    assert answers == {302, 404}


def test_one_network_cannot_try_links_without_end(client: Client) -> None:
    answers = {client.get("/me/tickets/open/", {"t": f"x{number}"}).status_code for number in range(60)}
    assert answers == {404, 429}


def test_a_link_ends_half_a_year_after_the_event(client: Client, order: Order) -> None:
    long_ago = timezone.now() - timedelta(days=190)
    Date.objects.filter(event_id=order.event_id).update(
        starts_at=long_ago, ends_at=long_ago + timedelta(hours=3)
    )
    response = client.get("/me/tickets/open/", {"t": sign_open_link(order)})
    assert response.status_code == 410
    assert "accounts.link_ended" in response.content.decode()


def test_the_phone_page_shows_a_code_that_zbar_reads_and_that_opens_the_file(
    order: Order, tmp_path: Path
) -> None:
    browser, phone = browser_of(order), Client()
    serial = Ticket.objects.filter(event_id=order.event_id).order_by("serial")[0].serial
    base = f"/me/orders/{order.booking_reference}/tickets/{serial}"
    page = browser.get(f"{base}/phone/code/").content.decode()
    (drawn,) = re.findall(r'<path d="([^"]+)"/></svg>', page)
    (address,) = codes_in(picture_of(drawn, tmp_path))
    assert address.startswith(f"{settings.SITE_ORIGIN}/me/tickets/open/?t=")
    assert address not in page
    phone.get(address)
    assert phone.post(OPENING).headers["Location"] == f"{base}/files/code/"
    assert browser.get(f"{base}/phone/stone/").status_code == 404
    assert browser.get(f"/me/orders/{order.booking_reference}/tickets/999/phone/png/").status_code == 404


def picture_of(path: str, folder: Path) -> Path:
    """The dark runs of our SVG (`M4 4h7v1h-7z…`), drawn."""
    picture = Image.new("1", (800, 800), 1)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", path):
        left, top, right = int(x) * 8, int(y) * 8, (int(x) + int(width)) * 8
        ImageDraw.Draw(picture).rectangle((left, top, right - 1, top + 7), fill=0)
    picture.save(folder / "code.png")
    return folder / "code.png"
