"""Reminding people who have not fetched their tickets: one mail for each order and date, in the daytime of the place.

Who fetched a ticket in any form, or keeps it in a device, is left alone. A date is looked at once, some time before
it starts; orders that came later have just had their confirmation.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef

from tmam.catalog.models import Date, EventStatus
from tmam.fulfilment.download_share import undownloaded_orders
from tmam.notifications.models import Reminder
from tmam.notifications.queue_mail import queue_mail
from tmam.orders.models import Order
from tmam.platform.statements import run_verb

ORDERS_AT_A_TIME: Final = 200
DATES_AT_A_TIME: Final = 50
# Too late to help: who is on the way already finds the mail with the tickets.
LAST_CALL: Final = timedelta(hours=3)
FIRST_HOUR, LAST_HOUR = 9, 20


def owe_reminders(now: datetime, lead: timedelta) -> int:
    """Begin the reminders that are due and go on with those under way; returns how many mails are owed now.

    `lead` is how long before its start a date is looked at; zero or less switches reminders off. Safe to repeat and
    to run from several workers.
    """
    if lead <= timedelta(0):
        return 0
    _begin(now, lead)
    owed = 0
    for reminder_id in Reminder.objects.filter(state="telling").values_list("id", flat=True)[
        :DATES_AT_A_TIME
    ]:
        owed += _go_on(reminder_id, now)
    return owed


def is_daytime(at: datetime, time_zone: str) -> bool:
    """Whether a mail may make a phone ring there: from nine in the morning until eight in the evening."""
    return FIRST_HOUR <= at.astimezone(ZoneInfo(time_zone)).hour < LAST_HOUR


def _begin(now: datetime, lead: timedelta) -> None:
    known = Reminder.objects.filter(event_id=OuterRef("event_id"), date_ordinal=OuterRef("ordinal"))
    due = (
        Date.objects.filter(starts_at__gt=now + LAST_CALL, starts_at__lte=now + lead, is_cancelled=False)
        .exclude(event__status__in=(EventStatus.CANCELLED, EventStatus.DRAFT))
        .filter(~Exists(known))
        .order_by("starts_at")
    )
    Reminder.objects.bulk_create(
        [
            Reminder(event_id=date.event_id, date_ordinal=date.ordinal, begun_at=now)
            for date in due[:ORDERS_AT_A_TIME]
            if is_daytime(now, date.time_zone)
        ],
        ignore_conflicts=True,
    )


def _go_on(reminder_id: int, now: datetime) -> int:
    """The next orders of one date's reminder."""
    with transaction.atomic():
        reminder = (
            Reminder.objects.select_for_update(skip_locked=True)
            .filter(pk=reminder_id, state="telling")
            .first()
        )
        if reminder is None:
            return 0
        date = (
            Date.objects.select_related("event")
            .filter(event_id=reminder.event_id, ordinal=reminder.date_ordinal)
            .first()
        )
        orders: list[UUID] = []
        if date is not None and _still_matters(date, now):
            orders = run_verb(
                undownloaded_orders(
                    reminder.event_id, reminder.date_ordinal, reminder.told_up_to, ORDERS_AT_A_TIME
                )
            )
        owed = _owe(reminder, orders, now)
        reminder.told += owed
        reminder.told_up_to = orders[-1] if orders else reminder.told_up_to
        reminder.state = "telling" if len(orders) == ORDERS_AT_A_TIME else "done"
        reminder.save(update_fields=["state", "told", "told_up_to"])
    return owed


def _still_matters(date: Date, now: datetime) -> bool:
    is_off = date.is_cancelled or date.event.status == EventStatus.CANCELLED
    return not is_off and date.starts_at > now + LAST_CALL


def _owe(reminder: Reminder, order_ids: list[UUID], now: datetime) -> int:
    """Mails for these orders; who was forgotten, or never gave an address, gets none."""
    owed = 0
    orders = Order.objects.filter(event_id=reminder.event_id, id__in=order_ids).exclude(email="")
    for order in orders.filter(confirmed_at__lt=reminder.begun_at):
        mail_id = queue_mail(
            cause=f"reminder:{order.id}:{reminder.date_ordinal}",
            template="tickets_reminder",
            to=order.email,
            language=order.language,
            now=now,
            context={
                "event_id": reminder.event_id,
                "order_id": str(order.id),
                "date": reminder.date_ordinal,
            },
        )
        owed += mail_id is not None
    return owed
