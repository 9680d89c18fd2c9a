"""The quiet offer of a passkey, on a browser that has none; said "not now" to, it stays away for half a year."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tmam.accounts.passkeys.relying_party import are_passkeys_possible

COOKIE = "tmam_passkey_offer"
STAYS_AWAY = timedelta(days=180)


def is_passkey_offered(request: HttpRequest) -> bool:
    """Whether to offer a passkey on this page: signed in, not answered in this browser, and possible at all."""
    return (
        request.user.is_authenticated
        and COOKIE not in request.COOKIES
        and are_passkeys_possible(settings.TMAM)
    )


def remember_answer(response: HttpResponseBase) -> None:
    """This browser has a passkey, or its owner wants none now: ask no more."""
    response.set_cookie(
        COOKIE,
        "answered",
        max_age=STAYS_AWAY,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@require_POST
def not_now(request: HttpRequest) -> HttpResponse:
    """Put the offer away."""
    del request
    response = redirect("me_tickets")
    remember_answer(response)
    return response
