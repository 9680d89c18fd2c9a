"""Old entries of the security log go: what happened long ago helps nobody and is still about somebody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tmam.accounts.models import SecurityEntry

ENTRIES_AT_A_TIME: Final = 5_000


def sweep_security_log(now: datetime, days: int) -> int:
    """Delete the oldest entries that are older than that many days; returns how many went."""
    old = SecurityEntry.objects.filter(at__lt=now - timedelta(days=days)).order_by("at")
    deleted, _ = SecurityEntry.objects.filter(
        pk__in=list(old.values_list("pk", flat=True)[:ENTRIES_AT_A_TIME])
    ).delete()
    return deleted
