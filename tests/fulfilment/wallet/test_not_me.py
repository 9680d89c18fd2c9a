"""Tickets went into a phone and it was not their owner: the letter's button and a locked account put them back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import make_user
from tests.fulfilment.wallet.phones import TestPhone, offer
from tests.gates.guests import make_event_tonight
from tests.gates.orders import make_order
from tmam.accounts.alert_snapshots import take_snapshot
from tmam.accounts.freezing import freeze
from tmam.accounts.models import SecurityEntry
from tmam.fulfilment.order_files import tokens_of
from tmam.fulfilment.wallet.not_me import free_since_job
from tmam.fulfilment.wallet.not_me_links import sign_phone_link
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.orders.models import Order, PersonOrder
from tmam.orders.order_links import sign_open_link
from tmam.orders.order_summary import summarize_order
from tmam.platform.event_log import drain
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db
PAGE = "/me/tickets/not-me/"


@pytest.fixture
def order() -> Order:
    return make_order(make_event_tonight(now=datetime.now(UTC)), "Ana Ruiz", "Bea Ruiz")


def mailed_secret() -> str:
    """What the newest letter's button carries."""
    drain()
    mail = Mail.objects.filter(template="tickets_in_phone").latest("id")
    found = re.search(rf"{PAGE}\?t=(\S+)", compose_mail(mail, timezone.now()).body)
    assert found is not None
    return found[1]


def are_free(order: Order) -> bool:
    return not Ticket.objects.filter(event_id=order.event_id, device_key__isnull=False).exists()


def test_the_button_takes_tickets_out_stops_links_and_opens_nothing(order: Order) -> None:
    thief, phone = Client(), TestPhone()
    thief.get(f"/me/tickets/open/?t={sign_open_link(order)}")
    thief.post("/me/tickets/opening/")
    records = phone.take(offer(order))
    unused = offer(order)
    secret = mailed_secret()
    owner = Client()
    page = owner.get(PAGE, {"t": secret})
    assert "Take your tickets out of this phone?" in page.content.decode()
    assert "Chrome on Android" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert not are_free(order), "a mail scanner that opens links changes nothing"
    done = owner.post(PAGE, {"t": secret})
    assert "2 tickets are out of that phone" in done.content.decode()
    assert sorted(tokens_of(summarize_order(order))) == [1, 2]
    assert [each["reason"] for each in phone.sync(records)["gone"]] == ["freed", "freed"]
    booking = f"/me/orders/{order.booking_reference}/"
    assert thief.get(booking).status_code == 404, "whoever came by a link is out"
    assert owner.get(booking).status_code == 404, "the link withdraws and shows nothing"
    late = TestPhone()
    refused = late.post("take", late.message("take", {"code": unused})).json()
    assert refused["code"] == "fulfilment.wallet_code"
    assert "has none of your tickets" in owner.post(PAGE, {"t": secret}).content.decode()
    assert are_free(order)


def test_the_button_is_about_that_phone_only(order: Order) -> None:
    TestPhone().take(offer(order))
    secret = mailed_secret()
    mine = TestPhone()
    records = mine.take(offer(order))
    assert "has none of your tickets" in Client().get(PAGE, {"t": secret}).content.decode()
    assert "newer mail" in Client().post(PAGE, {"t": secret}).content.decode()
    assert mine.sync(records)["gone"] == []


def test_a_link_ends_after_a_week_and_cannot_be_made_or_changed(order: Order) -> None:
    taken_at = timezone.now()
    old = sign_phone_link(order.event_id, order.id, taken_at - timedelta(days=7, minutes=1))
    ended = Client().get(PAGE, {"t": old})
    assert (ended.status_code, "accounts.alert_link_ended" in ended.content.decode()) == (410, True)
    good = sign_phone_link(order.event_id, order.id, taken_at)
    other = sign_phone_link(order.event_id + 1, order.id, taken_at)
    for text in ("", "x" * 5000, good[:-1], f"1{good}", sign_open_link(order), other):
        assert Client().post(PAGE, {"t": text}).status_code == 404, text


def test_a_locked_account_takes_out_what_went_into_phones_since_the_alert(order: Order) -> None:
    owner = make_user(email=order.email)
    PersonOrder.objects.create(
        event_id=order.event_id, order_id=order.id, email=order.email, ordered_at=timezone.now()
    )
    foreign = make_order(summarize_order(order).event, "Cleo Paz")
    early, late, others = TestPhone(), TestPhone(), TestPhone()
    early.take(offer(order, owner.pk))
    others.take(offer(foreign))
    entry = SecurityEntry.objects.create(
        user=owner, name="account.signed_in", at=timezone.now(), actor=f"user:{owner.pk}"
    )
    take_snapshot(entry)
    # An unknown phone, so no browser of the account's is sent away with it.
    kept = list(Ticket.objects.filter(event_id=order.event_id, order_id=order.id, device_key=early.key))
    assert len(kept) == 2
    records = late.take(offer(order, owner.pk))
    freeze(owner.pk, alert_entry_id=entry.pk, now=timezone.now())
    drain()
    (job,) = ProcrastinateJob.objects.filter(task_name="fulfilment.free_since_alert")
    for _ in range(2):
        free_since_job(**job.args)
    assert [each["reason"] for each in late.sync(records)["gone"]] == ["freed", "freed"]
    assert sorted(tokens_of(summarize_order(order))) == [1, 2]
    assert Ticket.objects.get(event_id=order.event_id, order_id=foreign.id).device_key is not None
