"""What proved something once and is of no use any more is deleted: codes, messages, counts, challenges, browsers, sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from tmam.accounts.alert_snapshots import useless_snapshots
from tmam.accounts.devices import useless_devices
from tmam.accounts.models import Sms, SmsCode, SmsCount, UsedChallenge

# A failed message is what `tmam doctor` and support look at; counts are needed for a day.
KEPT = timedelta(days=2)


def forget_spent(now: datetime) -> int:
    """Delete what is too old to matter; returns how many rows."""
    long_ago = now - KEPT
    return sum(
        rows.delete()[0]
        for rows in (
            SmsCode.objects.filter(expires_at__lt=long_ago),
            Sms.objects.filter(expires_at__lt=long_ago),
            SmsCount.objects.filter(since__lt=long_ago),
            UsedChallenge.objects.filter(expires_at__lt=now),
            useless_devices(now),
            useless_snapshots(now),
            Session.objects.filter(expire_date__lt=now),
            UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")),
        )
    )
