"""A sign-in through a provider that waits until its person has signed in here, to connect the two."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.utils import timezone

PENDING = "sso_pending"
WAITS_FOR = timedelta(minutes=15)


def keep_pending(request: HttpRequest, sociallogin: Any) -> None:
    """Keep it in this browser's session, a quarter of an hour."""
    request.session[PENDING] = {
        "login": sociallogin.serialize(),
        "until": (timezone.now() + WAITS_FOR).isoformat(),
    }


def pending_login(request: HttpRequest, now: datetime) -> Any | None:
    """What waits, if anything does and its time is not over."""
    kept = request.session.get(PENDING)
    if not kept or datetime.fromisoformat(kept["until"]) < now:
        return None
    return SocialLogin.deserialize(kept["login"])


def forget_pending(request: HttpRequest) -> None:
    """It was connected, or nobody wants it."""
    request.session.pop(PENDING, None)
