"""The page that protects the PDF of a booking: what it takes, what it refuses, and what it keeps to itself."""

from __future__ import annotations

import io
import logging
from dataclasses import replace

import pikepdf
import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import make_event, unique
from tests.notifications.purchases import buy
from tests.web.opened import browser_of
from tmam.accounts import lockout
from tmam.fulfilment.models import Download
from tmam.orders.models import Order
from tmam.platform.slots import Slots
from tmam.web.me import protect_page

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse"


def bought() -> Order:
    return buy(make_event(now=timezone.now()), email=f"{unique('ana')}@buyers.example", now=timezone.now())


@pytest.fixture
def order() -> Order:
    return bought()


@pytest.fixture
def browser(order: Order) -> Client:
    return browser_of(order)


def address(order: Order) -> str:
    return f"/me/orders/{order.booking_reference}/protect/"


def test_the_page_is_for_who_may_see_the_booking(order: Order, browser: Client) -> None:
    page = browser.get(address(order))
    assert page.status_code == 200
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "nobody vouches for the certificate" in page.content.decode(), "said before pressing"
    assert Client().get(address(order)).status_code == 404
    assert Client().post(address(order), {"kind": "signed"}).status_code == 404


def test_a_password_makes_a_file_that_only_it_opens(
    order: Order, browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    response = browser.post(address(order), {"kind": "password", "password": PASSWORD, "again": PASSWORD})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="tmam-{order.booking_reference}-protected.pdf"'
    )
    assert "no-store" in response.headers["Cache-Control"]
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(response.content))
    with pikepdf.open(io.BytesIO(response.content), password=PASSWORD) as document:
        assert len(document.pages) == 2
    assert PASSWORD not in caplog.text
    assert {row.form for row in Download.objects.filter(event_id=order.event_id)} == {"pdf-protected"}


def test_signed_and_both(order: Order, browser: Client) -> None:
    signed = browser.post(address(order), {"kind": "signed"})
    assert 'booking-signed.pdf"'.replace("booking", order.booking_reference) in signed["Content-Disposition"]
    assert b"/ETSI.CAdES.detached" in signed.content
    both = browser.post(address(order), {"kind": "both", "password": PASSWORD, "again": PASSWORD})
    assert "-protected-signed.pdf" in both["Content-Disposition"]
    with pikepdf.open(io.BytesIO(both.content), password=PASSWORD) as document:
        assert document.Root.AcroForm.SigFlags == 3


def test_a_booking_has_a_few_files_a_minute(
    order: Order, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lockout, "FILES_OF_A_BOOKING", replace(lockout.FILES_OF_A_BOOKING, limit=1))
    assert browser.post(address(order), {"kind": "password"}).status_code == 422, "typing costs nothing"
    assert browser.post(address(order), {"kind": "signed"}).status_code == 200
    refused = browser.post(address(order), {"kind": "signed"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert "platform.too_many_requests" in refused.content.decode()


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("", "", "Type a password."),
        ("short", "short", "at least 8 characters"),
        ("소" * 43, "소" * 43, "too long"),
        ("x" * 200, "x" * 200, "127"),
        ("pass\u202eword", "pass\u202eword", "not every keyboard"),
        ("pass\x00word", "pass\x00word", ""),
        (PASSWORD, "", "Type the password here, too."),
        (PASSWORD, PASSWORD + " ", "not the same"),
        (PASSWORD, "\ud7ff" * 120, "not the same"),
    ],
)
def test_bad_passwords_are_explained_and_not_sent_back(
    password: str, again: str, said: str, order: Order, browser: Client
) -> None:
    page = browser.post(address(order), {"kind": "password", "password": password, "again": again})
    assert page.status_code == 422
    text = page.content.decode()
    assert said in text
    assert not password or f'value="{password}"' not in text


def test_few_stand_for_their_file_and_the_rest_is_told_to_come_back(
    order: Order, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    making = Slots(1, most_waiting=0, retry_after_s=5)
    monkeypatch.setattr(protect_page, "_MAKING", making)
    with making.one():
        refused = browser.post(address(order), {"kind": "signed"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert browser.post(address(order), {"kind": "signed"}).status_code == 200


def test_an_unknown_kind_is_refused(order: Order, browser: Client) -> None:
    assert browser.post(address(order), {"kind": "stone"}).status_code == 422
    assert browser.post(address(order), {}).status_code == 422


def test_without_a_valid_ticket_there_is_nothing_to_protect(order: Order, browser: Client) -> None:
    from tmam.tickets.models import Ticket

    Ticket.objects.filter(event_id=order.event_id).update(state="cancelled")
    assert browser.get(address(order)).status_code == 404
