"""What is known of links goes when the order is forgotten or its links have ended, and is handed over before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import make_event, unique
from tests.notifications.purchases import buy
from tmam.accounts.personal_data import Departed, Person, parts
from tmam.catalog.models import Date
from tmam.fulfilment.errors import LinkStoppedError
from tmam.fulfilment.links.judge_link import Proof, Standing, judge_link, use_link
from tmam.fulfilment.links.stop_links import link_uses, stop_links, sweep_links
from tmam.fulfilment.models import LinkStop, LinkUse, WalletOffer
from tmam.fulfilment.wallet.offers import offer_tickets
from tmam.orders.forget_buyer import forget_buyer
from tmam.orders.models import Order
from tmam.orders.order_links import sign_open_link
from tmam.orders.order_summary import summarize_order
from tmam.platform.event_log import drain
from tmam.platform.models import LogEntry

pytestmark = pytest.mark.django_db


def used() -> Order:
    now = timezone.now()
    order = buy(make_event(now=now), email=f"{unique('ana')}@buyers.example", now=now)
    drain()
    found = judge_link(sign_open_link(order), "", now)
    assert use_link(found, "key", "Mozilla/5.0 Firefox/150.0 " + "x" * 1_000, Proof.FIRST, now)
    return order


def test_stopping_is_on_record_and_names_nobody() -> None:
    order, now = used(), timezone.now()
    (use,) = link_uses(order, now)
    assert len(use.browser) == 300
    stop_links(order, "visitor", now)
    stop_links(order, "visitor", now + timedelta(seconds=1))
    assert link_uses(order, now) == []
    facts = LogEntry.objects.filter(event_id=order.event_id, name="order.links_stopped").order_by("at")
    assert [fact.data for fact in facts] == [
        {"order_id": str(order.id), "browsers": 1},
        {"order_id": str(order.id), "browsers": 0},
    ]


def test_codes_for_a_phone_stop_with_the_links() -> None:
    order, now = used(), timezone.now()
    offer_tickets(summarize_order(order), None, now)
    stop_links(order, "visitor", now)
    assert not WalletOffer.objects.exists()


def test_ended_links_are_swept_away() -> None:
    order, now = used(), timezone.now()
    stop_links(used(), "visitor", now)
    sweep_links(now)
    assert LinkUse.objects.filter(order_id=order.id).exists()
    sweep_links(now + timedelta(days=400))
    assert not LinkUse.objects.exists()
    assert not LinkStop.objects.exists()


def test_a_postponed_date_revives_neither_stopped_nor_used_links() -> None:
    order, now = used(), timezone.now()
    secret = sign_open_link(order)
    use_link(judge_link(secret, "key", now), "key", "Firefox", Proof.KNOWN, now)
    stopped = used()
    old_secret = sign_open_link(stopped)
    stop_links(stopped, "visitor", now + timedelta(seconds=2))
    for event_id in (order.event_id, stopped.event_id):
        for date in Date.objects.filter(event_id=event_id):
            date.starts_at += timedelta(days=395)
            date.ends_at += timedelta(days=395)
            date.save()
    later = now + timedelta(days=300)  # half a year after the day that it was, before the day that it is
    assert link_uses(order, later)
    sweep_links(later)
    assert judge_link(secret, "", later).standing is Standing.STRANGER
    with pytest.raises(LinkStoppedError):
        judge_link(old_secret, "", later)
    assert not LinkUse.objects.filter(order_id=order.id, ends_at__lte=later).exists()
    sweep_links(now + timedelta(days=800))
    assert not LinkUse.objects.exists()
    assert not LinkStop.objects.exists()


def test_the_browsers_are_part_of_my_data_and_forgotten_with_the_order() -> None:
    order = used()
    (part,) = [part for part in parts() if part.name == "links"]
    (row,) = part.rows(Person(0, frozenset({order.email})))
    assert set(row) == set(part.fields)
    assert row["browser"].startswith("Mozilla/5.0 Firefox")
    long_ago = timezone.now() - timedelta(days=30)
    Date.objects.filter(event_id=order.event_id).update(
        starts_at=long_ago, ends_at=long_ago + timedelta(hours=1)
    )
    departed = Departed(frozenset({order.email}), timezone.now() + timedelta(minutes=1))
    assert forget_buyer(departed, timezone.now())
    assert not LinkUse.objects.filter(order_id=order.id).exists()
