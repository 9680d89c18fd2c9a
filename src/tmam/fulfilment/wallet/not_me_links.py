"""The signed link in "your tickets are in a phone now": this was not me. Made when the letter is written, kept nowhere.

It names the order and the moment at which the phone took its tickets, not the phone: a phone that makes a new key stays
the one that took them then, and tickets that went elsewhere since are none of the link's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.core import signing

from tmam.accounts.errors import AlertLinkEndedError, AlertLinkNotValidError

LINK_DAYS: Final = 7
LONGEST_LINK: Final = 200
_PURPOSE: Final = "tmam.fulfilment.wallet.not_me"
_MICROSECOND: Final = timedelta(microseconds=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class PhoneLink:
    """What a genuine link says: whose tickets (event, order), and when the phone in question took them."""

    event_id: int
    order_id: UUID
    taken_at: datetime


def sign_phone_link(event_id: int, order_id: UUID, taken_at: datetime) -> str:
    """The secret part of the link; it works for `LINK_DAYS` from the moment the phone took the tickets."""
    said = f"{event_id}-{order_id.hex}-{(taken_at - _EPOCH) // _MICROSECOND}"
    return signing.Signer(salt=_PURPOSE, sep=".").sign(said)


def read_phone_link(text: str, *, now: datetime) -> PhoneLink:
    """What a link says. Looks at `LONGEST_LINK` characters at most.

    Raises:
        AlertLinkNotValidError: we did not sign it, or it was cut off.
        AlertLinkEndedError: genuine, but too old.
    """
    try:
        said = signing.Signer(salt=_PURPOSE, sep=".").unsign(text[:LONGEST_LINK])
        event_id, order_id, taken_at = said.split("-")
        link = PhoneLink(int(event_id), UUID(order_id), _EPOCH + int(taken_at) * _MICROSECOND)
    except (signing.BadSignature, ValueError, OverflowError):
        raise AlertLinkNotValidError from None
    if now > link.taken_at + timedelta(days=LINK_DAYS):
        raise AlertLinkEndedError
    return link
