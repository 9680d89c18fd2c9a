"""Bought orders, for the tests of what comes after buying."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from tests.cast import NOW
from tests.orders.buyers import hold
from tmam.catalog.models import Event
from tmam.kernel.ids import new_uuid7
from tmam.orders.confirm_order import confirm_orders
from tmam.orders.models import Order
from tmam.orders.order_rows import ConfirmedOrder, ConfirmRequest
from tmam.orders.wanted_tickets import Holder
from tmam.platform.statements import Verb, run_verb
from tmam.tickets.signing_keys import load_signing_key

BUYER = "Maria@Buyers.example"


def buy(
    event: Event,
    *,
    email: str = BUYER,
    quantities: dict[int, int] | None = None,
    holders: Sequence[str] = (),
    language: str = "en",
    now: datetime = NOW,
    date: int = 1,
) -> Order:
    """Two tickets (or as said) of an event, paid by nobody: an order with tickets and its log entry."""
    held = hold(event, uuid4(), quantities, now=now, date=date)
    request = ConfirmRequest(
        hold_id=held.id,
        order_id=new_uuid7(now),
        checkout_id=uuid4(),
        payment_id=None,
        gateway=None,
        email=email,
        name="Maria López",
        language=language,
        terms_version="1/1",
        actor=f"visitor:{held.visitor_id}",
        holders=[Holder(name=name) for name in holders],
    )

    def confirm() -> Verb[object]:
        key = yield from load_signing_key(event.id)
        return (yield from confirm_orders(event.id, [request], key, now))

    (answer,) = run_verb(confirm())
    assert isinstance(answer, ConfirmedOrder), answer
    return Order.objects.get(event_id=event.id, id=answer.order_id)
