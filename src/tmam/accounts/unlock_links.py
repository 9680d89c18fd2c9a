"""The signed link by which an owner ends a pause: it goes into one mail, works from any device, once.

It names the account, the paused count and the number of that very pause; what makes it work once is the conditional
UPDATE of `lockout.unlock_once`, not the signature. It ends after `LINK_HOURS`; pauses are over before that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

LINK_HOURS = 24
_PURPOSE = "tmam.accounts.unlock"


@dataclass(frozen=True)
class UnlockLink:
    """What a genuine link says."""

    user_id: int
    key: str
    lock_number: int


def sign_unlock_link(link: UnlockLink) -> str:
    """The secret part of the link."""
    text = f"{link.user_id}/{link.key}/{link.lock_number}"
    return signing.TimestampSigner(salt=_PURPOSE, sep="~").sign(text)


def read_unlock_link(text: str) -> UnlockLink | None:
    """What a link says, or None when we did not sign it, or too long ago."""
    try:
        plain = signing.TimestampSigner(salt=_PURPOSE, sep="~").unsign(
            text, max_age=timedelta(hours=LINK_HOURS)
        )
        user_id, key, lock_number = plain.split("/")
        return UnlockLink(int(user_id), key, int(lock_number))
    except (signing.BadSignature, ValueError):
        return None
