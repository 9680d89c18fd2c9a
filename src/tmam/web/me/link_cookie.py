"""The cookie by which a browser that opened a link is known again: a random key, not a sign-in.

Set only when a link was opened. `__Host-` under HTTPS: no sibling domain can plant or read it.
"""

from __future__ import annotations

import re
import secrets

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

KEY_BYTES = 32
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
COOKIE_AGE_S = 400 * 24 * 3600  # browsers keep none longer


def link_key(request: HttpRequest) -> str:
    """The key this browser brings; empty when it has none or a malformed one."""
    key = request.COOKIES.get(settings.LINK_COOKIE_NAME, "")
    return key if _KEY.fullmatch(key) else ""


def new_link_key() -> str:
    """A key for a browser that has none."""
    return secrets.token_urlsafe(KEY_BYTES)


def keep_link_key(response: HttpResponseBase, key: str) -> None:
    """Let the browser keep its key."""
    response.set_cookie(
        settings.LINK_COOKIE_NAME,
        key,
        max_age=COOKIE_AGE_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
