"""Which mail goes out on which news, and only once."""

from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import NOW, make_event, unique
from tests.notifications.purchases import buy
from tmam.notifications.consumers import owe_mails
from tmam.notifications.models import Mail
from tmam.platform.event_log import Entry, drain

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
    event = make_event()
    data = {"order_id": str(uuid4()), "email": "ana@buyers.example", "language": "en"}
    owe_mails([entry("order.confirmed", event.id, **data)] * 3)
    owe_mails([entry("order.confirmed", event.id, **data)])
    mail = Mail.objects.get(cause=f"order-confirmed:{data['order_id']}")
    assert jobs_of(mail) == 1


def test_a_refund_of_places_that_were_gone_is_told_at_once() -> None:
    event = make_event()
    refund_id = str(uuid4())
    owe_mails(
        [
            entry(
                "refund.instructed",
                event.id,
                refund_id=refund_id,
                amount_minor=9000,
                currency="EUR",
                reason="places_gone",
                email="ana@buyers.example",
                language="es",
            )
        ]
    )
    mail = Mail.objects.get(cause=f"refund-instructed:{refund_id}")
    assert mail.context == {
        "event_id": event.id,
        "amount_minor": 9000,
        "currency": "EUR",
        "reason": "places_gone",
    }


def test_other_news_owes_nothing() -> None:
    before = Mail.objects.count()
    owe_mails([entry("ticket.redeemed", 1, serial=1), entry("refund.instructed", 1, refund_id="1", email="")])
    assert Mail.objects.count() == before
