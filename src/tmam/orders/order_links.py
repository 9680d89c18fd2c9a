"""The signed link that opens one order's tickets without an account.

The link goes into mails only. It names the order and is bound to the address it was bought with, so it stops
working when the order gets another address; it ends `LINK_DAYS` after the event.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing

from tmam.orders.models import Order
from tmam.orders.person_orders import same_address

LINK_DAYS = 180
_PURPOSE = "tmam.orders.open"
_DIGEST_BYTES = 8


@dataclass(frozen=True)
class OpenLink:
    """What a genuine link says: which order, for whose address."""

    event_id: int
    order_id: UUID
    address_digest: bytes

    def is_for(self, order: Order) -> bool:
        """Whether the order still has the address that this link was sent to."""
        return self.order_id == order.id and self.address_digest == _address_digest(order.email)


def sign_open_link(order: Order) -> str:
    """The secret part of the link: about 90 letters, digits, `-`, `_` and `.`, which no mail program breaks."""
    packed = order.event_id.to_bytes(4, "big") + order.id.bytes + _address_digest(order.email)
    return signing.TimestampSigner(salt=_PURPOSE, sep=".").sign(
        base64.urlsafe_b64encode(packed).decode().rstrip("=")
    )


def read_open_link(text: str) -> OpenLink | None:
    """What a link says, or None when we did not sign it."""
    try:
        packed = base64.urlsafe_b64decode(signing.TimestampSigner(salt=_PURPOSE, sep=".").unsign(text) + "==")
    except (signing.BadSignature, binascii.Error, ValueError):
        return None
    return OpenLink(
        int.from_bytes(packed[:4], "big"), UUID(bytes=packed[4:20]), packed[20 : 20 + _DIGEST_BYTES]
    )


def has_link_ended(event_ends_at: datetime, now: datetime) -> bool:
    """Whether links to this event's orders have stopped working."""
    return now > event_ends_at + timedelta(days=LINK_DAYS)


def _address_digest(email: str) -> bytes:
    return hashlib.sha256(same_address(email).encode()).digest()[:_DIGEST_BYTES]
