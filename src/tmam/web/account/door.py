"""The door before sign-in and sign-up: so many inside at once, everybody else is told to come back, at almost no cost.

Bounding the hashes alone does not keep the shop quick: looking a login up, counting it and drawing a page cost as much
again, and they hold the interpreter's lock. So a flood is turned away here, before Django: no database, no template.
"""

from __future__ import annotations

import html
import threading
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from django.conf import settings
from django.utils import translation

from tmam.platform.error_words import words_for
from tmam.platform.errors import BusyError
from tmam.web.security_headers import security_headers
from tmam.web.visitor_language import language_of

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., Any]
Application: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]

# What hashes a password for anybody who asks.
GUARDED = frozenset(("/accounts/login/", "/accounts/signup/"))
INSIDE_AT_ONCE = 2
BUSY = BusyError(retry_after_s=3)


class SignInDoor:
    """A WSGI application around the product's own."""

    def __init__(self, application: Application, inside_at_once: int = INSIDE_AT_ONCE) -> None:
        self._application = application
        self._places = threading.BoundedSemaphore(inside_at_once)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("REQUEST_METHOD") != "POST" or environ.get("PATH_INFO") not in GUARDED:
            return self._application(environ, start_response)
        if not self._places.acquire(blocking=False):
            return _turn_away(environ, start_response)
        try:
            return self._application(
                environ, start_response
            )  # Django's answers are whole when they are returned
        finally:
            self._places.release()


def _turn_away(environ: Environ, start_response: StartResponse) -> list[bytes]:
    path, language = str(environ["PATH_INFO"]), language_of(environ)
    words = words_for(BUSY, language)
    with translation.override(language):
        again = translation.gettext("Try again")
    told = [html.escape(text) for text in (words.title, words.summary, words.advice, again)]
    page = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{told[0]} · tmam</title><main><h1>{told[0]}</h1><p>{told[1]}</p><p>{told[2]}</p>"
        f'<p><a href="{html.escape(path)}">{told[3]}</a></p></main></html>'
    ).encode()
    start_response(
        "503 Service Unavailable",
        [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(page))),
            ("Content-Language", language),
            ("Cache-Control", "no-store"),
            ("Retry-After", str(BUSY.retry_after_s)),
            *security_headers(path, is_secure=_is_secure(environ)).items(),
        ],
    )
    return [page]


def _is_secure(environ: Environ) -> bool:
    """Whether it came by HTTPS, as Django's settings tell it."""
    if settings.SECURE_PROXY_SSL_HEADER:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        return str(environ.get(name, "")).partition(",")[0].strip() == value
    return environ.get("wsgi.url_scheme") == "https"
