"""The signed link in an alert: "this was not me". It is made when the letter is written and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing

from tmam.accounts.errors import AlertLinkEndedError, AlertLinkNotValidError

LINK_DAYS = 7
_PURPOSE = "tmam.accounts.not_me"


@dataclass(frozen=True)
class NotMeLink:
    """What a genuine link says: whose account, and which security entry it warned of."""

    user_id: int
    entry_id: int


def sign_not_me_link(user_id: int, entry_id: int, *, now: datetime) -> str:
    """The secret part of the link; it works for `LINK_DAYS`."""
    return signing.Signer(salt=_PURPOSE, sep=".").sign(f"{user_id}-{entry_id}-{int(now.timestamp())}")


def read_not_me_link(text: str, *, now: datetime) -> NotMeLink:
    """What a link says.

    Raises:
        AlertLinkNotValidError: we did not sign it, or it was cut off.
        AlertLinkEndedError: genuine, but too old.
    """
    try:
        user_id, entry_id, made_at = map(int, signing.Signer(salt=_PURPOSE, sep=".").unsign(text).split("-"))
    except (signing.BadSignature, ValueError):
        raise AlertLinkNotValidError from None
    if now > datetime.fromtimestamp(made_at, UTC) + timedelta(days=LINK_DAYS):
        raise AlertLinkEndedError
    return NotMeLink(user_id, entry_id)
