"""Addresses that machines look for below `/.well-known/`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

# RFC 9116 wants less than a year; the date moves on with the calendar month, so the page stays true by itself.
GOOD_FOR: Final = timedelta(days=180)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell about a weakness (RFC 9116)."""
    del request
    return HttpResponse(security_text(timezone.now()), content_type="text/plain; charset=utf-8")


@require_safe
def change_password(request: HttpRequest) -> HttpResponse:
    """Where password managers send people to change a password (W3C: A Well-Known URL for Changing Passwords)."""
    del request
    return redirect("account_change_password")


def security_text(now: datetime) -> str:
    """The lines of security.txt at a moment."""
    origin = settings.SITE_ORIGIN
    contact = settings.TMAM.security_contact or settings.TMAM.support_email
    expires = (now.astimezone(UTC) + GOOD_FOR).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return "\n".join(
        (
            f"Contact: {contact if contact.startswith('https://') else f'mailto:{contact}'}",
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: en, es",
            f"Canonical: {origin}/.well-known/security.txt",
            f"Policy: {origin}/en/security/",
            "",
        )
    )
