"""Orders follow their person to a new mailbox: by the log, in its order, and again if it is read again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, make_event, make_user, unique
from tests.notifications.purchases import buy
from tmam.accounts.happenings import Happening
from tmam.accounts.models import RecoveryKind, RecoveryRequest, RecoveryState, User
from tmam.accounts.security_log import record
from tmam.orders.models import Order, PersonOrder
from tmam.platform.event_log import drain
from tmam.platform.models import LogCursor

pytestmark = pytest.mark.django_db


LATER = NOW + timedelta(minutes=1)


def recovered(user: User) -> RecoveryRequest:
    """Somebody whose lost mailbox gave way to another one."""
    found = RecoveryRequest.objects.create(
        user=user,
        kind=RecoveryKind.EMAIL,
        state=RecoveryState.COMPLETED,
        language="en",
        old_email=user.email,
        new_email=f"{unique('new')}@buyers.example",
        begun_at=NOW,
        ready_at=NOW,
        ended_at=NOW,
    )
    details = {"request_id": found.pk, "kind": str(found.kind)}
    record(user.pk, Happening.RECOVERED, now=LATER, details=details)
    return found


def address_of(order: Order) -> set[str]:
    """In the order, and in the list."""
    kept = PersonOrder.objects.get(order_id=order.id).email
    return {Order.objects.get(event_id=order.event_id, id=order.id).email, kept}


def test_what_was_bought_before_follows_even_if_the_worker_reads_all_at_once() -> None:
    user = make_user()
    before = buy(make_event(), email=user.email)
    found = recovered(user)
    after = buy(make_event(), email=user.email, now=LATER + timedelta(minutes=1))
    drain()
    assert address_of(before) == {found.new_email}
    assert address_of(after) == {user.email}, "whoever has the mailbox now bought it"


def test_a_crash_half_way_leaves_nothing_behind() -> None:
    user = make_user()
    orders = [buy(make_event(), email=user.email) for _ in range(2)]
    drain()
    position = LogCursor.objects.get(consumer="person_orders").position
    found = recovered(user)
    drain()
    PersonOrder.objects.filter(order_id=orders[1].id).update(email=user.email)
    Order.objects.filter(event_id=orders[1].event_id, id=orders[1].id).update(email=user.email)
    LogCursor.objects.filter(consumer="person_orders").update(position=position)
    drain()
    assert [address_of(order) for order in orders] == [{found.new_email}] * 2


def test_a_recovery_that_is_gone_or_was_about_factors_moves_nothing() -> None:
    user = make_user()
    order = buy(make_event(), email=user.email)
    found = recovered(user)
    RecoveryRequest.objects.filter(pk=found.pk).update(kind=RecoveryKind.FACTORS)
    recovered(make_user()).delete()
    drain()
    assert address_of(order) == {user.email}
