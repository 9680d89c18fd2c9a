"""What operators and organizers ask about mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, Sum

from tmam.notifications.models import Mail, Reminder

LATE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class MailTrouble:
    """Mails that did not get out: `failed` given up, `late` waiting for more than ten minutes."""

    failed: int
    late: int
    last_error: str


def mail_trouble(now: datetime) -> MailTrouble:
    """Count the mails that did not get out, with the newest reason; all zero when all is well."""
    failed = Mail.objects.filter(state="failed")
    late = Mail.objects.filter(state="waiting", queued_at__lt=now - LATE_AFTER)
    newest = (
        Mail.objects.filter(Q(state="failed") | Q(state="waiting"))
        .exclude(last_error="")
        .order_by("-queued_at")
        .values_list("last_error", flat=True)
        .first()
    )
    return MailTrouble(failed=failed.count(), late=late.count(), last_error=newest or "")


def reminded_of(event_id: int) -> int:
    """How many mails reminded people of tickets that nobody had fetched, all dates of an event together."""
    told: int | None = Reminder.objects.filter(event_id=event_id).aggregate(Sum("told"))["told__sum"]
    return told or 0
