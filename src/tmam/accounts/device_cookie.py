"""The long-lived cookie by which a browser is known again: a random key, not a sign-in.

`__Host-` under HTTPS: no sibling domain can plant or read it.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tmam.accounts.devices import known_device

_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
COOKIE_AGE_S = 400 * 24 * 3600  # browsers keep none longer


def device_key(request: HttpRequest) -> str:
    """The key this browser brings; empty when it has none or a malformed one."""
    key = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    return key if _KEY.fullmatch(key) else ""


def is_trusted_browser(request: HttpRequest, user_id: int, *, now: datetime) -> bool:
    """Whether this account was signed in to from this very browser, and nobody has sent it away since."""
    return known_device(user_id, device_key(request), now=now) is not None


def keep_device_key(response: HttpResponseBase, key: str) -> None:
    """Let the browser keep its key."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        key,
        max_age=COOKIE_AGE_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
