"""Telling people that their date was changed: one mail for each order, after a while in which it can be undone.

What people are told is the difference between what they knew and what is now: two changes in a row are one mail,
a change that was undone is none. An order whose tickets admit nobody any more hears nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from tmam.catalog.change_date import times_json, times_of
from tmam.catalog.models import Date
from tmam.notifications.jobs import tell_date_news_job
from tmam.notifications.models import DateNews
from tmam.notifications.queue_mail import queue_mail
from tmam.orders.models import Order
from tmam.platform.event_log import Entry
from tmam.platform.statements import run_verb
from tmam.tickets.queries import orders_of_date

# As long as a change can be taken back with nobody knowing of it.
TELL_AFTER: Final = timedelta(minutes=2)
ORDERS_AT_A_TIME: Final = 200


def note_date_change(entry: Entry) -> None:
    """A date was changed: holders are told in a while. Told again, it changes nothing."""
    ordinal, revision = int(entry.data["date"]), int(entry.data["revision"])
    news = (
        DateNews.objects.filter(event_id=entry.event_id, date_ordinal=ordinal).order_by("-revision").first()
    )
    if news is not None and news.revision >= revision:
        return
    due_at = entry.at + TELL_AFTER
    if news is not None and news.state == "waiting":
        DateNews.objects.filter(pk=news.pk).update(revision=revision, due_at=due_at)
    else:
        before = _before(entry, ordinal)
        if before is None:
            return
        news = DateNews.objects.create(
            event_id=entry.event_id, date_ordinal=ordinal, revision=revision, before=before, due_at=due_at
        )
    tell_date_news_job.configure(schedule_at=due_at).defer(news_id=news.pk)


def tell_date_news(news_id: int, now: datetime, *, at_a_time: int = ORDERS_AT_A_TIME) -> None:
    """Owe the next `at_a_time` orders their mails, and come back for more. Safe to repeat."""
    with transaction.atomic():
        news = DateNews.objects.select_for_update().filter(pk=news_id).first()
        if news is None or news.state == "done" or now < news.due_at:
            return  # the job of the later change comes at its time
        date = Date.objects.filter(event_id=news.event_id, ordinal=news.date_ordinal).first()
        orders: list[UUID] = []
        if date is not None and times_json(times_of(date)) != news.before and date.ends_at > now:
            orders = run_verb(orders_of_date(news.event_id, news.date_ordinal, news.told_up_to, at_a_time))
        news.told += _owe(news, orders, now)
        news.told_up_to = orders[-1] if orders else news.told_up_to
        news.state = "telling" if len(orders) == at_a_time else "done"
        news.save(update_fields=["state", "told", "told_up_to"])
        if news.state == "telling":
            tell_date_news_job.defer(news_id=news.pk)


def _owe(news: DateNews, order_ids: list[UUID], now: datetime) -> int:
    """Mails for these orders; who was forgotten, or never gave an address, gets none."""
    owed = 0
    reachable = Order.objects.filter(event_id=news.event_id, id__in=order_ids).exclude(email="")
    for order in reachable.order_by("id"):
        context = {"event_id": news.event_id, "order_id": str(order.id), "date": news.date_ordinal}
        mail_id = queue_mail(
            cause=f"date-changed:{order.id}:{news.date_ordinal}:{news.revision}",
            template="date_changed",
            to=order.email,
            language=order.language,
            now=now,
            context=context | {"before": news.before},
            is_bulk=True,
        )
        owed += mail_id is not None
    return owed


def _before(entry: Entry, ordinal: int) -> dict[str, Any] | None:
    """The whole of what people knew: what is now, with the old values of what the fact says was changed."""
    date = Date.objects.filter(event_id=entry.event_id, ordinal=ordinal).first()
    if date is None:
        return None
    return times_json(times_of(date)) | {name: pair[0] for name, pair in entry.data["changes"].items()}
