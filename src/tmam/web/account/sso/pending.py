"""A sign-in through a provider that waits until its person has signed in here, to connect the two."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.utils import timezone

from tmam.web.account.sso.providers import provider_named

PENDING = "sso_pending"
WAITS_FOR = timedelta(minutes=15)


def keep_pending(request: HttpRequest, sociallogin: Any) -> None:
    """Keep it in this browser's session, a quarter of an hour."""
    request.session[PENDING] = {
        "login": sociallogin.serialize(),
        "until": (timezone.now() + WAITS_FOR).isoformat(),
    }


def pending_login(request: HttpRequest, now: datetime) -> Any | None:
    """What waits, if anything does, its time is not over and its provider is still in the file."""
    kept = request.session.get(PENDING)
    if not kept or datetime.fromisoformat(kept["until"]) < now:
        return None
    login = SocialLogin.deserialize(kept["login"])
    return login if provider_named(login.account.provider) else None


def forget_pending(request: HttpRequest) -> None:
    """It was connected, or nobody wants it."""
    request.session.pop(PENDING, None)
