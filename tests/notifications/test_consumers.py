"""Which mail goes out on which news, and only once."""

from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import NOW, make_event, unique
from tests.notifications.purchases import buy
from tests.orders.buyers import checkout_with, fill
from tmam.notifications.consumers import owe_mails
from tmam.notifications.models import Mail
from tmam.orders.models import Order
from tmam.platform.event_log import Entry, drain
from tmam.platform.statements import Verb, run_verb, statement

pytestmark = pytest.mark.django_db


def entry(name: str, event_id: int, **data: object) -> Entry:
    return Entry(1, event_id, uuid4(), name, NOW, "system", data)


def jobs_of(mail: Mail) -> int:
    return ProcrastinateJob.objects.filter(
        task_name="notifications.send_mail", args={"mail_id": mail.id}
    ).count()


def test_a_confirmed_order_owes_one_mail_and_one_job() -> None:
    order = buy(make_event(), email=f"{unique('ana')}@buyers.example", language="es")
    drain()
    mail = Mail.objects.get(cause=f"order-confirmed:{order.id}")
    assert (mail.template, mail.to, mail.language, mail.state) == (
        "order_confirmed",
        order.email,
        "es",
        "waiting",
    )
    assert jobs_of(mail) == 1


def test_the_same_news_again_owes_nothing_more() -> None:
    order = buy(make_event(), email=f"{unique('ana')}@buyers.example")
    news = entry("order.confirmed", order.event_id, order_id=str(order.id))
    owe_mails([news] * 3)
    owe_mails([news])
    mail = Mail.objects.get(cause=f"order-confirmed:{order.id}")
    assert jobs_of(mail) == 1


def test_a_refund_of_places_that_were_gone_is_told_at_once() -> None:
    event = make_event()
    checkout = fill(checkout_with(event), email="ana@buyers.example")
    refund_id = str(uuid4())
    news = entry(
        "refund.instructed",
        event.id,
        refund_id=refund_id,
        checkout_id=str(checkout.id),
        amount_minor=9000,
        currency="EUR",
        reason="places_gone",
    )
    owe_mails([news])
    mail = Mail.objects.get(cause=f"refund-instructed:{refund_id}")
    assert mail.to == "ana@buyers.example"
    assert mail.context == {
        "event_id": event.id,
        "amount_minor": 9000,
        "currency": "EUR",
        "reason": "places_gone",
    }


def test_who_typed_no_address_or_was_forgotten_gets_no_mail() -> None:
    event = make_event()
    order = buy(event, email=f"{unique('ana')}@buyers.example")
    run_verb(forget(order))
    checkout = checkout_with(event)
    before = Mail.objects.count()
    owe_mails(
        [
            entry("order.confirmed", event.id, order_id=str(order.id)),
            entry("order.confirmed", event.id, order_id=str(uuid4())),
            entry("refund.instructed", event.id, refund_id="1", checkout_id=str(checkout.id)),
        ]
    )
    assert Mail.objects.count() == before


def forget(order: Order) -> Verb[None]:
    yield statement("tmam.orders", "forget_buyers"), (order.event_id, [order.id])


def test_other_news_owes_nothing() -> None:
    before = Mail.objects.count()
    owe_mails([entry("ticket.redeemed", 1, serial=1)])
    assert Mail.objects.count() == before
