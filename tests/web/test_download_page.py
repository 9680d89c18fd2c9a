"""The one button and the page of all forms: what each device is offered, what is said before pressing, bad input."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import make_event
from tests.delivery.apple.test_site_certificate import WHOLE
from tests.fulfilment.test_devices import ANDROID, IPHONE, SAFARI
from tests.notifications.purchases import buy
from tests.web.opened import browser_of
from tmam.catalog.models import Event
from tmam.fulfilment.formats import FORMATS, FileWish
from tmam.kernel.token import public_key_of
from tmam.orders.models import Order
from tmam.orders.order_summary import summarize_order
from tmam.tickets.models import Ticket
from tmam.web.me.form_words import FORM_WORDS

PHONE = f"{IPHONE.format('17_5')} {SAFARI.format('17.5')}"
INSTAGRAM = f"{IPHONE.format('17_5')} Mobile/15E148 Instagram 335.0.0.29.93"


def test_every_form_has_words() -> None:
    assert FORMATS.keys() - FORM_WORDS.keys() == set(), "say in form_words what they are good for and need"


@pytest.fixture
def order(db: None) -> Order:
    del db
    return buy(make_event(now=timezone.now()), now=timezone.now(), holders=["Ana", "<b>Bea</b>"])


@pytest.fixture
def buyer(client: Client, order: Order) -> Client:
    browser_of(order, client)
    return client


def page_of(order: Order, rest: str = "") -> str:
    return f"/me/orders/{order.booking_reference}/{rest}"


def test_all_forms_with_what_they_need_all_at_once_and_one_by_one(buyer: Client, order: Order) -> None:
    html = buyer.get(page_of(order, "download/")).content.decode()
    assert html.count("<h1") == 1
    for name in FORMATS:
        assert f'id="form-{name}"' in html
        assert str(FORM_WORDS[name].needs) in html
    links = set(re.findall(r'href="([^"]*/download/[^"]+)"', html))
    assert {page_of(order, "download/pdf/"), page_of(order, "download/code/?ticket=2")} <= links
    assert page_of(order, "download/code/") in links
    assert html.count("All at once come as one ZIP file with 2 pictures") == 3, "said before pressing"
    assert page_of(order, "download/ics/?ticket=1") not in links, "one calendar for all"
    assert "&lt;b&gt;Bea" in html
    # Every link leads to its file; heavy ones are drawn on a journey.
    for link in sorted(link for link in links if re.search("/(code|ics)/", link)):
        assert buyer.get(link, follow=True).status_code == 200, link


def test_what_was_taken_is_offered_first_from_then_on(buyer: Client, order: Order) -> None:
    before = buyer.get(page_of(order), headers={"User-Agent": ANDROID}).content.decode()
    assert "Download PDF" in before
    taken = buyer.get(page_of(order, "download/code/?ticket=1"))
    assert taken.headers["Location"] == page_of(order, "tickets/1/files/code/?taken=1")
    assert "tmam_form" not in taken.cookies
    cookie = buyer.get(taken.headers["Location"]).cookies["tmam_form"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("code", True, "Lax")
    html = buyer.get(page_of(order), headers={"User-Agent": PHONE}).content.decode()
    assert f'href="{page_of(order, "files/code/")}"' in html
    assert "tmam_form" not in buyer.get(page_of(order, "download/ics/"), follow=True).cookies
    buyer.cookies["tmam_form"] = '"><script>'
    html = buyer.get(page_of(order), headers={"User-Agent": ANDROID}).content.decode()
    assert "Download PDF" in html


def test_only_a_pass_that_ipads_take_goes_first_on_one_that_poses_as_a_mac(
    buyer: Client, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1.15"
    html = buyer.get(page_of(order), headers={"User-Agent": agent}).content.decode()
    assert "Add to Apple Wallet" in html
    assert "data-on-ipad" not in html
    for name, value in WHOLE.items():
        monkeypatch.setenv(f"TMAM_{name.upper()}", value)
    html = buyer.get(page_of(order), headers={"User-Agent": agent}).content.decode()
    assert "data-on-ipad" in html


def test_a_press_that_came_to_nothing_is_not_remembered(buyer: Client, order: Order) -> None:
    Event.objects.filter(id=order.event_id).update(live_codes_only=True)
    answer = buyer.get(page_of(order, "download/code/?ticket=1"), follow=True)
    assert answer.status_code == 409
    buyer.get(page_of(order, "download/code/?ticket=77"), follow=True)
    assert "tmam_form" not in buyer.cookies


def test_all_codes_come_as_one_zip_that_can_be_resumed(buyer: Client, order: Order) -> None:
    answer = buyer.get(page_of(order, "files/code/"))
    name = f"tmam-{order.booking_reference}-codes.zip"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == [f"tmam-{order.booking_reference}-{n}-code.png" for n in (1, 2)]
        assert all(archive.read(each).startswith(b"\x89PNG") for each in archive.namelist())
    tag = answer.headers["ETag"]
    rest = buyer.get(page_of(order, "files/code/"), headers={"Range": "bytes=100-", "If-Range": tag})
    assert (rest.status_code, rest.content) == (206, answer.content[100:])


def test_pictures_of_several_tickets_are_one_zip(order: Order) -> None:
    summary = summarize_order(order)
    names = {}
    for form in ("png", "jpeg"):
        planned = FORMATS[form].make(FileWish(summary, summary.valid_lines, "en", timezone.now()))
        names[planned.name] = planned.media_type
        one = FORMATS[form].make(FileWish(summary, summary.valid_lines[:1], "en", timezone.now()))
        assert one.media_type == FORMATS[form].media_type
    reference = order.booking_reference
    assert names == {f"tmam-{reference}-{end}.zip": "application/zip" for end in ("png", "jpg")}


def test_a_pass_that_iphones_refuse_comes_after_the_pdf(buyer: Client, order: Order) -> None:
    html = buyer.get(page_of(order), headers={"User-Agent": PHONE}).content.decode()
    buttons = re.findall(
        r'<a class="button( button--secondary)? button--big" href="([^"]+)"[^>]*>(.*?)</a>', html, re.DOTALL
    )
    assert [(second, address) for second, address, _ in buttons] == [
        ("", page_of(order, "files/pdf/")),
        (" button--secondary", page_of(order, "files/pkpass/")),
    ]
    assert buttons[1][2].endswith("Add to Apple Wallet")
    assert "iPhones will refuse this pass" in html, "there is no certificate of Apple's here"
    old = f"{IPHONE.format('12_5_7')} {SAFARI.format('12.1.2')}"
    html = buyer.get(page_of(order), headers={"User-Agent": old}).content.decode()
    assert f'href="{page_of(order, "download/")}#form-pkpass"' in html, "it opens one pass at a time"


def test_an_event_of_moving_codes_offers_nothing_else(buyer: Client, order: Order) -> None:
    Event.objects.filter(id=order.event_id).update(live_codes_only=True)
    for path in (page_of(order), page_of(order, "download/")):
        html = buyer.get(path, headers={"User-Agent": PHONE}).content.decode()
        assert "This event asks for a code that moves" in html
        assert "Keep in a phone" in html
        assert "Add to Apple Wallet" not in html
    html = buyer.get(page_of(order, "download/")).content.decode()
    assert set(re.findall(r'id="form-([\w-]+)"', html)) == {"wallet", "ics"}
    html = buyer.get(page_of(order)).content.decode()
    assert "Print (opens the PDF)" not in html
    assert "#group-paper" not in html
    assert "protect/" not in html
    assert "Send a ticket to a phone" not in buyer.get(page_of(order, "links/")).content.decode()
    assert buyer.get(page_of(order, "tickets/1/phone/png/")).status_code == 404


@pytest.mark.parametrize(
    "path", ["files/pdf/", "files/pkpass/", "files/html/", "tickets/1/files/png/", "protect/"]
)
def test_an_event_of_moving_codes_makes_no_standing_one(buyer: Client, order: Order, path: str) -> None:
    Event.objects.filter(id=order.event_id).update(live_codes_only=True)
    answer = buyer.get(page_of(order, path))
    assert answer.status_code == 409
    assert "fulfilment.live_code_only" in answer.content.decode()
    assert buyer.get(page_of(order, "files/ics/")).status_code == 200


def test_a_requirement_of_the_door_is_said_before_buying(client: Client, order: Order) -> None:
    event = Event.objects.get(id=order.event_id)
    page = f"/en/e/{event.id}-{event.slug}/"
    Event.objects.filter(id=event.id).update(live_codes_only=True)
    html = client.get(page).content.decode()
    assert "you need the ticket in a wallet on a phone" in html
    assert "as PDF or picture" not in html
    assert "Print your ticket" not in html


def test_inside_another_app_the_way_out_is_said(buyer: Client, order: Order) -> None:
    for path in (page_of(order), page_of(order, "download/")):
        html = buyer.get(path, headers={"User-Agent": INSTAGRAM}).content.decode()
        assert "Open this page in Safari" in html
        assert "inside Instagram" in html
        assert page_of(order, "download/") in html
    assert "button--big" not in buyer.get(page_of(order), headers={"User-Agent": INSTAGRAM}).content.decode()


@pytest.mark.parametrize(
    ("rest", "status", "code"),
    [
        ("download/hologram/", 404, "fulfilment.form_not_known"),
        ("download/pdf/?ticket=x", 400, "platform.bad_request"),
        ("download/pdf/?ticket=%E0%A5%A7", 400, "platform.bad_request"),
        ("download/pdf/?ticket=99999999999999999999", 400, "platform.bad_request"),
        ("download/code/?ticket=9999999999", 404, "accounts.tickets_not_shown"),
    ],
)
def test_bad_addresses_get_a_clear_answer(
    buyer: Client, order: Order, rest: str, status: int, code: str
) -> None:
    answer = buyer.get(page_of(order, rest), follow=True)
    assert answer.status_code == status
    assert code in answer.content.decode()


def test_nothing_to_download_is_said(buyer: Client, order: Order) -> None:
    Ticket.objects.filter(event_id=order.event_id).update(state="cancelled")
    html = buyer.get(page_of(order, "download/")).content.decode()
    assert "There is nothing to download" in html
    assert "form-card" not in html


def test_a_ticket_that_lives_in_a_phone_is_in_no_file(buyer: Client, order: Order) -> None:
    Ticket.objects.filter(event_id=order.event_id, serial=1).update(device_key=public_key_of(b"d" * 32))
    html = buyer.get(page_of(order, "download/")).content.decode()
    assert "ticket=2" in html
    assert "ticket=1" not in html
    links = buyer.get(page_of(order, "links/")).content.decode()
    assert ("Ticket 2:" in links, "Ticket 1:" in links) == (True, False)


def test_where_all_tickets_are_in_a_phone_it_says_so_and_how_to_take_them_out(
    buyer: Client, order: Order
) -> None:
    Ticket.objects.filter(event_id=order.event_id).update(device_key=public_key_of(b"d" * 32))
    for rest in ("download/", "protect/"):
        html = buyer.get(page_of(order, rest)).content.decode()
        assert html.count("<h1") == 1
        assert "Your tickets are in a phone" in html
        assert f'href="{page_of(order, "wallet/out/")}"' in html
        assert "in every form you like" not in html
        assert "Keep in a phone" not in html
        assert 'type="password"' not in html
