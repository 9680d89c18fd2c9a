"""What a key that is no phone's may ask, what a contact key may do, and how long it is remembered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fulfilment.wallet.phones import TestPhone, offer, text_of
from tests.gates.guests import make_event_tonight
from tests.gates.orders import make_order
from tmam.fulfilment.wallet.contact import MOST_EVENTS
from tmam.fulfilment.wallet.held import sweep_held
from tmam.orders.models import Order
from tmam.tickets.models import Ticket
from tmam.web.minute_limit import MinuteLimit
from tmam.web.wallet import api

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    return make_order(make_event_tonight(now=datetime.now(UTC)), "Ana Ruiz", "Bea Ruiz")


def tickets(order: Order) -> list[Ticket]:
    return list(Ticket.objects.filter(event_id=order.event_id).order_by("serial"))


def test_a_stranger_s_key_asks_no_event_and_learns_nothing(
    order: Order, django_assert_num_queries: Any
) -> None:
    owner, stranger = TestPhone(), TestPhone()
    owner.take(offer(order))
    have = [{"event": order.event_id, "serial": serial} for serial in (1, 2, 3)]
    have += [{"event": 10_000 + number, "serial": 1} for number in range(MOST_EVENTS - 1)]
    message = stranger.message("sync", {"have": have})
    with django_assert_num_queries(1):
        answer = stranger.post("sync", message).json()
    assert {each["reason"] for each in answer["gone"]} == {"freed"}
    assert len(answer["gone"]) == len(have)
    have += [{"event": 9_999, "serial": 1}]
    assert stranger.post("sync", stranger.message("sync", {"have": have})).status_code == 400
    left = stranger.message("leave", {"tickets": have})
    with django_assert_num_queries(1):
        assert stranger.post("leave", left).json() == {"freed": 0}


def test_one_network_has_its_share_of_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "CALLS", MinuteLimit(2))
    phone = TestPhone()
    message = phone.message("sync", {"have": []})
    assert [phone.post("sync", message).status_code for _ in range(3)] == [200, 200, 429]


def test_a_contact_key_gives_tickets_back_and_can_do_nothing_else(order: Order) -> None:
    phone, contact = TestPhone(), TestPhone()
    records = phone.send("take", {"code": offer(order), "contact": text_of(contact.key)})["tickets"]
    answer = contact.sync([record | {"version": ""} for record in records], tampered=True)
    assert (answer["changed"], {each["reason"] for each in answer["gone"]}) == ([], {"freed"})
    assert [ticket.remark for ticket in tickets(order)] == ["", ""]
    numbers = [{"event": each["event"], "serial": each["serial"]} for each in records]
    assert contact.send("leave", {"tickets": numbers}) == {"freed": 2}
    assert contact.send("leave", {"tickets": numbers}) == {"freed": 0}
    for nonsense in ("AAAA", "%", "x" * 500):
        code = {"code": offer(order), "contact": nonsense}
        assert phone.post("take", phone.message("take", code)).status_code == 400


def test_what_phones_had_is_forgotten_long_after_the_event(order: Order) -> None:
    phone = TestPhone()
    records = phone.take(offer(order))
    end = datetime.fromtimestamp(records[0]["endsAt"] / 1000, UTC)
    assert sweep_held(end + timedelta(days=399)) == 0
    assert sweep_held(end + timedelta(days=401)) == 2
