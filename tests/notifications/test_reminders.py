"""The reminder to people who have not fetched their tickets: to them, once, in the daytime, while it helps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import make_event, midday_zone, unique
from tests.notifications.purchases import buy
from tmam.catalog.models import Date, Event
from tmam.fulfilment.download_share import download_share
from tmam.fulfilment.record_downloads import record_downloads
from tmam.notifications import reminders
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail, Reminder
from tmam.notifications.queries import reminded_of
from tmam.notifications.reminders import is_daytime, owe_reminders
from tmam.orders.models import Order
from tmam.platform.statements import run_verb
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LEAD = timedelta(hours=48)


def soon(hours: float = 40, **fields: object) -> Event:
    event = make_event(now=NOW, starts_in=timedelta(hours=hours), **fields)
    Date.objects.filter(event=event).update(time_zone=midday_zone(NOW))
    return event


def bought(event: Event, **fields: object) -> Order:
    return buy(event, email=f"{unique('ana')}@buyers.example", now=NOW - timedelta(days=1), **fields)  # type: ignore[arg-type]


def serials(order: Order) -> list[int]:
    return list(
        Ticket.objects.filter(event_id=order.event_id, order_id=order.id)
        .order_by("serial")
        .values_list("serial", flat=True)
    )


def reminded(event: Event) -> set[str]:
    mails = Mail.objects.filter(template="tickets_reminder", context__isnull=False)
    orders = Order.objects.filter(event_id=event.id).values_list("email", flat=True)
    return set(mails.filter(to__in=list(orders)).values_list("to", flat=True))


def test_only_who_misses_a_ticket_is_reminded() -> None:
    event = soon()
    none, some, all_, bound = (bought(event) for _ in range(4))
    run_verb(record_downloads(event.id, serials(some)[:1], "pdf", NOW))
    run_verb(record_downloads(event.id, serials(all_), "png", NOW))
    Ticket.objects.filter(event_id=event.id, order_id=bound.id).update(device_key=b"d" * 32)
    owe_reminders(NOW, LEAD)
    assert reminded(event) == {none.email, some.email}
    share = run_verb(download_share(event.id))
    assert (share.tickets, share.fetched, share.missing, share.in_devices) == (8, 5, 3, 2)
    assert share.by_form == {"pdf": 1, "png": 2}
    assert reminded_of(event.id) == 2


def test_each_order_is_reminded_once_however_often_we_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "ORDERS_AT_A_TIME", 2)
    event = soon()
    orders = [bought(event) for _ in range(5)]
    for _ in range(5):
        owe_reminders(NOW, LEAD)
    assert reminded(event) == {order.email for order in orders}
    assert Reminder.objects.get(event_id=event.id).told == 5


@pytest.mark.parametrize("hours", [2, 60])
def test_neither_too_late_nor_too_early(hours: float) -> None:
    event = soon(hours)
    bought(event)
    owe_reminders(NOW, LEAD)
    assert not Reminder.objects.filter(event_id=event.id).exists()


def test_not_at_night() -> None:
    event = soon()
    Date.objects.filter(event=event).update(time_zone=midday_zone(NOW - timedelta(hours=12)))
    bought(event)
    owe_reminders(NOW, LEAD)
    assert not reminded(event)
    assert is_daytime(NOW, midday_zone(NOW))


def test_nothing_for_what_does_not_take_place_or_was_bought_later() -> None:
    off, called_off, event = soon(), soon(), soon()
    bought(off)
    bought(called_off)
    Event.objects.filter(id=called_off.id).update(status="cancelled")
    late = buy(event, email=f"{unique('late')}@buyers.example", now=NOW + timedelta(minutes=1))
    Date.objects.filter(event=off).update(is_cancelled=True)
    owe_reminders(NOW, LEAD)
    assert not reminded(off) | reminded(called_off) | reminded(event)
    assert late.email


def test_the_operator_can_switch_it_off() -> None:
    event = soon()
    bought(event)
    assert owe_reminders(NOW, timedelta(0)) == 0
    assert not reminded(event)


def test_the_letter_says_how_to_have_the_tickets_with_or_without_a_phone() -> None:
    event = soon()
    order = bought(event, language="es")
    owe_reminders(NOW, LEAD)
    mail = Mail.objects.get(template="tickets_reminder", to=order.email)
    message = compose_mail(mail, NOW)
    assert "Luces de invierno" in message.subject
    for words in ("imprime el PDF", "el localizador y tu nombre", order.booking_reference):
        assert words in message.body
    assert "/me/tickets/open/" in message.body


def test_an_event_without_tickets_has_an_empty_share() -> None:
    share = run_verb(download_share(soon().id))
    assert (share.tickets, share.percent, share.by_form) == (0, 0, {})
