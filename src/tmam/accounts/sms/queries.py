"""What the operator asks about text messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tmam.accounts.models import Sms

LATELY = timedelta(days=1)


@dataclass(frozen=True)
class SmsTrouble:
    """Messages of the last day that the provider refused, or took no notice of until their code was too old."""

    lost: int
    last_error: str


def sms_trouble(now: datetime) -> SmsTrouble:
    """Count the messages that did not get out, with the newest reason; zero when all is well."""
    lost = Sms.objects.filter(state__in=("failed", "expired"), queued_at__gte=now - LATELY)
    newest = lost.exclude(last_error="").order_by("-queued_at").values_list("last_error", flat=True).first()
    return SmsTrouble(lost=lost.count(), last_error=newest or "")
