"""Keys for people: added the real way, without a browser."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from tests.accounts.passkeys.soft_authenticator import SoftAuthenticator
from tests.cast import NOW
from tmam.accounts.models import Passkey, User
from tmam.accounts.passkeys.add_passkey import add_passkey, begin_adding
from tmam.accounts.security_log import NOWHERE

BROWSER = "a secret of this browser"


def give_key(
    user: User,
    key: SoftAuthenticator | None = None,
    *,
    is_passkey: bool = True,
    name: str = "My phone",
    now: datetime = NOW,
) -> tuple[SoftAuthenticator, Passkey]:
    """The key, and its row."""
    key = key or SoftAuthenticator()
    options, token = begin_adding(
        user, is_passkey=is_passkey, browser=BROWSER, settings=settings.TMAM, now=now
    )
    passkey = add_passkey(
        user,
        name=name,
        credential=key.make(options, origin=settings.TMAM.origin),
        token=token,
        browser=BROWSER,
        visit=NOWHERE,
        settings=settings.TMAM,
        now=now,
    )
    return key, passkey
