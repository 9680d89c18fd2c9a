"""The signed links: what they say, and that nobody else can make or change one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.utils import timezone

from tests.cast import make_event
from tests.notifications.purchases import buy
from tmam.orders.models import Order
from tmam.orders.order_links import (
    LINK_DAYS,
    LONGEST_LINK,
    SHORT_LINK,
    OrderLink,
    Purpose,
    has_link_ended,
    read_link,
    sign_open_link,
    sign_ticket_link,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    return buy(make_event())


def read(text: str) -> OrderLink:
    link = read_link(text)
    assert link is not None
    return link


def test_a_mailed_link_names_its_order_and_nothing_else(order: Order) -> None:
    secret = sign_open_link(order)
    link = read(secret)
    assert (link.purpose, link.event_id, link.order_id) == (Purpose.OPEN, order.event_id, order.id)
    assert (link.serial, link.form, link.is_for(order)) == (0, "", True)
    assert abs(link.made_at - timezone.now()) < timedelta(seconds=5)
    assert len(secret) < 110
    assert order.email not in secret


@pytest.mark.parametrize("purpose", [Purpose.FILE, Purpose.WALLET])
def test_a_short_link_names_one_form_of_one_ticket_and_no_two_are_alike(
    purpose: Purpose, order: Order
) -> None:
    secret = sign_ticket_link(order, purpose, 4_294_967_295, "pdf-large-print")
    link = read(secret)
    assert (link.purpose, link.serial, link.form) == (purpose, 4_294_967_295, "pdf-large-print")
    assert link.is_for(order)
    assert sign_ticket_link(order, purpose, 4_294_967_295, "pdf-large-print") != secret
    assert len(secret) < 150


@pytest.mark.parametrize("form", ["", "PDF", "../x", "x" * 21, "pdf "])
def test_only_forms_that_an_address_can_carry_are_signed(form: str, order: Order) -> None:
    with pytest.raises(ValueError, match="no link for"):
        sign_ticket_link(order, Purpose.FILE, 1, form)
    with pytest.raises(ValueError, match="no link for"):
        sign_ticket_link(order, Purpose.OPEN, 1, "pdf")


def test_a_link_ends_with_the_address_it_was_sent_to(order: Order) -> None:
    link = read(sign_open_link(order))
    order.email = order.email.upper()
    assert link.is_for(order)
    order.email = "other@buyers.example"
    assert not link.is_for(order)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text[1:],
        lambda text: text[:10] + ("A" if text[10] != "A" else "B") + text[11:],
        lambda text: text.replace(".", ""),
        lambda text: text + "A",
        lambda text: text.upper(),
        lambda text: text * 4,
    ],
)
def test_a_changed_link_says_nothing(change: Callable[[str], str], order: Order) -> None:
    for secret in (sign_open_link(order), sign_ticket_link(order, Purpose.FILE, 1, "pdf")):
        assert read_link(change(secret)) is None


@pytest.mark.parametrize("text", ["", ".", "a.b.c", "é", "\x00", "A" * LONGEST_LINK, "A" * 1_000_000])
def test_garbage_says_nothing(text: str) -> None:
    assert read_link(text) is None


def test_a_purpose_cannot_be_exchanged(order: Order) -> None:
    """What another part of the product signed for another purpose is no link, and a link to a file opens no order."""
    value = sign_open_link(order).partition(".")[0]
    assert read_link(signing.TimestampSigner(salt="tmam.orders.other", sep=".").sign(value)) is None
    _, made_at, signature = sign_ticket_link(order, Purpose.FILE, 1, "pdf").split(".")
    assert read_link(f"{value}.{made_at}.{signature}") is None


def test_links_end(order: Order) -> None:
    now = timezone.now()
    opened = read(sign_open_link(order))
    assert not opened.has_ended(now - timedelta(days=LINK_DAYS, seconds=-1), now)
    assert opened.has_ended(now - timedelta(days=LINK_DAYS, seconds=1), now)
    assert not opened.has_ended(None, now + timedelta(days=9999))
    short = read(sign_ticket_link(order, Purpose.FILE, 1, "pdf"))
    later: Any = now + timedelta(days=30)
    assert not short.has_ended(later, short.made_at + SHORT_LINK)
    assert short.has_ended(later, short.made_at + SHORT_LINK + timedelta(seconds=1))
    assert has_link_ended(now - timedelta(days=LINK_DAYS + 1), now)
