"""Whether a browser is known to be its owner's: the one place where lockout and puzzles ask.

A trusted browser is counted by itself, so nobody who guesses from elsewhere can shut its owner out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest

from tmam.accounts.device_cookie import device_key
from tmam.accounts.devices import known_device

# After opening the link from the mail, the owner has this long to sign in beside whoever goes on guessing.
PROVEN_FOR = timedelta(minutes=30)
_PROVEN = "tmam.proven_by_mail"


def trusted_device(request: HttpRequest, user_id: int, now: datetime) -> str:
    """What this browser is counted as for this account; empty when it is not trusted."""
    proven = request.session.get(_PROVEN) or {}
    if proven.get("user_id") == user_id and now.timestamp() < proven.get("until", 0):
        return f"proven:{proven['id']}"
    device = known_device(user_id, device_key(request), now=now)
    return f"device:{device.pk}" if device else ""


def is_trusted_browser(request: HttpRequest, user_id: int, now: datetime) -> bool:
    """Whether this browser is known to belong to this person."""
    return bool(trusted_device(request, user_id, now))


def trust_for_now(request: HttpRequest, user_id: int, pause: str, now: datetime) -> None:
    """The owner opened a link from the mail in this browser. `pause` names it: each link brings one fresh count."""
    request.session[_PROVEN] = {
        "user_id": user_id,
        "id": pause,
        "until": (now + PROVEN_FOR).timestamp(),
    }
