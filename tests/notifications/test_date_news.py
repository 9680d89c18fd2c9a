"""A changed date is told to its holders: once, in their language, with what was and what is; or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from icalendar import Calendar
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import NOW, make_event, unique
from tests.notifications.purchases import buy
from tmam.catalog.change_date import Who, change_date, times_of
from tmam.catalog.date_rules import DateTimes
from tmam.catalog.models import Event
from tmam.notifications.compose import compose_mail
from tmam.notifications.consumers import owe_mails
from tmam.notifications.date_news import TELL_AFTER, tell_date_news
from tmam.notifications.models import DateNews, Mail
from tmam.notifications.queue_mail import BULK
from tmam.orders.models import Order
from tmam.platform.event_log import Entry, drain
from tmam.platform.models import LogEntry
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = NOW + TELL_AFTER


def buyers(event: Event, *languages: str) -> list[Order]:
    return [
        buy(event, email=f"{unique('ana')}@buyers.example", language=language, now=NOW - HOUR)
        for language in languages
    ]


def move(event: Event, by: timedelta, now: datetime = NOW, entrance: dict[str, str] | None = None) -> None:
    times = times_of(event.dates.get(ordinal=1))
    doors = times.doors_at + by if times.doors_at else None
    wanted = DateTimes(times.starts_at + by, times.ends_at + by, doors, entrance or {})
    change_date(event.id, 1, wanted, Who("user:7", now), seen=event.dates.get(ordinal=1).revision)
    drain()


def news_of(event: Event) -> DateNews:
    return DateNews.objects.get(event_id=event.id)


def mails(event: Event) -> list[Mail]:
    found = Mail.objects.filter(template="date_changed", context__event_id=event.id)
    return list(found.order_by("id"))


def test_each_order_hears_once_after_a_while() -> None:
    event = make_event(dates=2)
    first, second = buyers(event, "en", "es")
    gone, _other_date = buyers(event, "en")[0], buy(event, email="late@buyers.example", date=2)
    Ticket.objects.filter(event_id=event.id, order_id=gone.id).update(state="cancelled")
    move(event, DAY, entrance={"en": "Gate B", "es": "Puerta B"})
    news = news_of(event)
    tell_date_news(news.pk, NOW + TELL_AFTER / 2)
    assert mails(event) == []
    for _ in range(2):
        tell_date_news(news.pk, DUE)
    # Both were bought in one moment: either may come first, but in the order of their ids.
    in_order = sorted((first, second), key=lambda order: order.id)
    assert [(mail.to, mail.language) for mail in mails(event)] == [
        (order.email, order.language) for order in in_order
    ]
    news.refresh_from_db()
    assert (news.state, news.told) == ("done", 2)
    # Thousands of these must not stand before somebody's confirmation.
    ids = [mail.id for mail in mails(event)]
    jobs = ProcrastinateJob.objects.filter(task_name="notifications.send_mail", args__mail_id__in=ids)
    assert {job.priority for job in jobs} == {BULK}


def test_the_letter_says_what_was_and_what_is_and_the_calendar_follows() -> None:
    event = make_event()
    buyers(event, "en", "es")
    move(event, DAY, entrance={"en": "Gate B", "es": "Puerta B"})
    tell_date_news(news_of(event).pk, DUE)
    in_order = sorted(mails(event), key=lambda mail: mail.language)
    english, spanish = (compose_mail(mail, DUE) for mail in in_order)
    body = str(english.body)
    assert english.subject == "New time: Winter Lights, Sat, 12 Dec 2026"
    assert body.index("Saturday, 12 December 2026") < body.index("Friday, 11 December 2026")
    assert "Gate B" in body
    assert "codes open the gate at the new time" in body
    assert "hello@aurora.example" in body
    assert spanish.subject == "Nueva hora: Luces de invierno, sáb, 12 dic 2026"
    assert "Puerta B" in str(spanish.body)
    (attachment,) = english.attachments
    (entry,) = Calendar.from_ical(attachment[1]).walk("VEVENT")
    assert (int(entry["sequence"]), entry.decoded("dtstart")) == (1, event.dates.get().starts_at)
    assert "Gate B" in entry["description"]


def test_a_new_entrance_alone_is_no_new_time() -> None:
    event = make_event()
    buyers(event, "en")
    move(event, timedelta(0), entrance={"en": "Gate C"})
    tell_date_news(news_of(event).pk, DUE)
    (mail,) = mails(event)
    message = compose_mail(mail, DUE)
    assert message.subject.startswith("Changed: Winter Lights")
    body = str(message.body)
    assert "no entrance was given" in body
    assert "go to the new entrance" in body
    assert "new time" not in body
    assert "old time" not in body


def test_what_was_undone_in_time_is_no_news_and_two_changes_are_one() -> None:
    event, other = make_event(), make_event()
    for each in (event, other):
        buyers(each, "en")
        move(each, DAY)
    move(event, -DAY, NOW + TELL_AFTER / 2)
    move(other, DAY, NOW + TELL_AFTER / 2)
    for each in (event, other):
        news = news_of(each)
        tell_date_news(news.pk, DUE)  # the job of the first change: too early by now
        assert (mails(each), news.revision) == ([], 2)
        tell_date_news(news.pk, DUE + TELL_AFTER)
    assert mails(event) == []
    (mail,) = mails(other)
    body = str(compose_mail(mail, DUE + TELL_AFTER).body)
    assert body.index("Sunday, 13 December 2026") < body.index("Friday, 11 December 2026")


def test_many_orders_are_told_in_batches_and_the_same_fact_again_is_no_news() -> None:
    event = make_event()
    orders = buyers(event, *["en"] * 5)
    Order.objects.filter(id=orders[3].id).update(email="")
    move(event, HOUR)
    row = LogEntry.objects.get(event_id=event.id, name="date.changed")
    owe_mails([Entry(1, event.id, row.id, row.name, row.at, row.actor, row.data)] * 2)
    news = news_of(event)
    states = []
    while news.state != "done":
        tell_date_news(news.pk, DUE, at_a_time=2)
        news.refresh_from_db()
        states.append(news.state)
    assert states == ["telling", "telling", "done"]
    assert (len(mails(event)), news.told) == (4, 4)


def test_a_change_while_people_are_being_told_is_news_of_its_own() -> None:
    event = make_event()
    buyers(event, "en")
    move(event, DAY)
    first = news_of(event)
    tell_date_news(first.pk, DUE)
    move(event, -DAY, DUE)
    back = DateNews.objects.exclude(pk=first.pk).get(event_id=event.id)
    tell_date_news(back.pk, DUE + TELL_AFTER)
    assert len(mails(event)) == 2
    assert back.before["starts_at"] == (event.dates.get().starts_at + DAY).isoformat()
