"""A browser is sent away by its account: what its wallet has comes out, whether it is heard of or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import make_member
from tests.fulfilment.wallet.phones import TestPhone, offer
from tests.gates.guests import make_event_tonight
from tests.gates.orders import make_order
from tmam.accounts.devices import (
    add_device,
    distrust_other_devices,
    forget_device,
    forget_other_devices,
)
from tmam.accounts.forget_spent import forget_spent
from tmam.accounts.freezing import freeze
from tmam.accounts.security_log import Visit
from tmam.fulfilment.order_files import tokens_of
from tmam.fulfilment.wallet.signed_out import free_browsers_job
from tmam.orders.models import Order
from tmam.orders.order_summary import summarize_order
from tmam.organizers.models import Role
from tmam.platform.event_log import drain
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db
HERE = Visit(network="203.0.113.0/24", place="", browser="Chrome", request_id="")


@pytest.fixture
def order() -> Order:
    return make_order(make_event_tonight(now=datetime.now(UTC)), "Ana Ruiz", "Bea Ruiz")


def tickets(order: Order) -> list[Ticket]:
    return list(Ticket.objects.filter(event_id=order.event_id).order_by("serial"))


def in_known_browser(order: Order) -> tuple[int, int, TestPhone, list[dict[str, Any]]]:
    """Who bought the order, a browser of theirs, the phone with the tickets in it, their records."""
    owner = make_member(summarize_order(order).event.organizer, Role.GATE)
    known = add_device(owner.pk, key="", visit=HERE, now=timezone.now(), at_sign_up=True)
    phone = TestPhone()
    phone.client.cookies["tmam_device"] = known.key
    records = phone.take(offer(order, owner.pk))
    assert phone.sync(records)["gone"] == []
    return owner.pk, known.device.pk, phone, records


def test_signing_a_browser_out_from_elsewhere_empties_it(order: Order) -> None:
    owner, device, phone, records = in_known_browser(order)
    forget_device(owner, device, visit=HERE, now=timezone.now())
    # Should the phone be quicker than the log:
    assert [each["reason"] for each in phone.sync(records)["gone"]] == ["signed_out", "signed_out"]
    assert sorted(tokens_of(summarize_order(order))) == [1, 2]


Way = Callable[[int, int, datetime], object]


def one_device(owner: int, device: int, now: datetime) -> None:
    forget_device(owner, device, visit=HERE, now=now)


def all_others(owner: int, _device: int, now: datetime) -> None:
    forget_other_devices(owner, this_device_id=None, this_session_key="", visit=HERE, now=now)


def this_was_not_me(owner: int, _device: int, now: datetime) -> None:
    freeze(owner, alert_entry_id=None, now=now)


def new_password(owner: int, _device: int, now: datetime) -> None:
    distrust_other_devices(owner, this_device_id=None, now=now)


@pytest.mark.parametrize("way", [one_device, all_others, this_was_not_me, new_password])
def test_a_browser_that_is_sent_away_loses_its_codes_at_once(order: Order, way: Way) -> None:
    owner, device, phone, records = in_known_browser(order)
    elsewhere = make_order(summarize_order(order).event, "Cleo Paz")
    other = TestPhone()
    other.take(offer(elsewhere))
    way(owner, device, timezone.now())
    # The browser's row may be gone before the log is read.
    forget_spent(timezone.now() + timedelta(seconds=1))
    drain()
    (job,) = ProcrastinateJob.objects.filter(task_name="fulfilment.free_browsers")
    for _ in range(2):
        free_browsers_job(**job.args)
    assert [(each.generation, each.device_key is None) for each in tickets(order)] == [
        (2, True),
        (2, True),
        (1, False),
    ]
    assert [each["reason"] for each in phone.sync(records)["gone"]] == ["freed", "freed"]
