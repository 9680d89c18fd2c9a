"""The wallet buttons of a letter: they lead to us, and on to the wallet once the link has let the browser in."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import make_event, unique
from tests.notifications.purchases import buy
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.orders.models import Order
from tmam.platform.event_log import drain

pytestmark = pytest.mark.django_db


def letter(**fields: object) -> tuple[Order, str]:
    event = make_event(now=timezone.now(), **fields)
    order = buy(event, email=f"{unique('ana')}@buyers.example", now=timezone.now())
    drain()
    mail = Mail.objects.get(to=order.email, template="order_confirmed")
    return order, str(compose_mail(mail, timezone.now()).body)


@pytest.mark.parametrize(
    ("way", "page"), [("phone", "/me/orders/{}/wallet/"), ("apple", "/me/orders/{}/download/pkpass/")]
)
def test_a_button_goes_on_to_its_wallet(way: str, page: str) -> None:
    order, body = letter()
    address = re.search(r"http://[^/]+(/me/tickets/open/\S+&way=phone)", body)
    assert address
    client = Client()
    client.get(address[1].replace("way=phone", f"way={way}"))
    answer = client.post("/me/tickets/opening/", {"action": "open"})
    assert answer.headers["Location"] == page.format(order.booking_reference)


def test_a_pass_that_iphones_refuse_is_in_no_letter() -> None:
    _, body = letter()
    assert "&way=phone" in body
    assert "&way=apple" not in body, "there is no certificate of Apple's here"


def test_an_invented_way_leads_to_the_booking() -> None:
    order, body = letter()
    address = re.search(r"http://[^/]+(/me/tickets/open/\S+&way=phone)", body)
    assert address
    client = Client()
    client.get(address[1].replace("way=phone", "way=https://evil.example"))
    answer = client.post("/me/tickets/opening/", {"action": "open"})
    assert answer.headers["Location"] == f"/me/orders/{order.booking_reference}/"


def test_where_only_live_codes_count_no_standing_code_is_offered() -> None:
    _, body = letter(live_codes_only=True)
    assert "&way=phone" in body
    assert "&way=apple" not in body
