"""The signed links that let a browser into one order without an account, each for one purpose.

`open` goes into mails and opens the order; it ends `LINK_DAYS` after the event. `file` and `wallet` are for the phone
that stands beside a screen: one form of one ticket, or its hand-over to a wallet, within `SHORT_LINK`. Every link is
bound to the address the order was bought with, so all of them stop working when the order gets another. What a link
is worth in which browser is decided by `fulfilment.links`: a link alone opens nothing twice.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.core import signing

from tmam.orders.models import Order
from tmam.orders.person_orders import same_address

LINK_DAYS: Final = 180
SHORT_LINK: Final = timedelta(minutes=15)
LONGEST_LINK: Final = 300
DIGEST_BYTES: Final = 16
_ADDRESS_BYTES: Final = 8
_ORDER_BYTES: Final = 4 + 16 + _ADDRESS_BYTES
_NONCE_BYTES: Final = 6
_SERIAL_BYTES: Final = 4
_FORM = re.compile(r"[a-z0-9-]{1,20}")


class Purpose(StrEnum):
    """What a link is for. Each is signed by itself: one cannot be made into another."""

    OPEN = "open"
    FILE = "file"
    WALLET = "wallet"


@dataclass(frozen=True)
class OrderLink:
    """What a genuine link says: which order, for whose address, what for, since when (to the second).

    `serial` and `form` name one file of one ticket and are 0 and "" for an `open` link. `digest` names the link itself
    wherever its use is written down; it cannot be made back into the link.
    """

    purpose: Purpose
    event_id: int
    order_id: UUID
    address_digest: bytes
    made_at: datetime
    digest: bytes
    serial: int = 0
    form: str = ""

    def is_for(self, order: Order) -> bool:
        """Whether the order still has the address that this link was sent to."""
        return self.order_id == order.id and self.address_digest == address_digest(order.email)

    def has_ended(self, event_ends_at: datetime | None, now: datetime) -> bool:
        """Whether its time is over; `event_ends_at` None: an order without dates, whose links do not end."""
        if self.purpose is not Purpose.OPEN:
            return now > self.made_at + SHORT_LINK
        return event_ends_at is not None and has_link_ended(event_ends_at, now)


def sign_open_link(order: Order) -> str:
    """The secret part of a mailed link: about 90 letters, digits, `-`, `_` and `.`, which no mail program breaks."""
    return _signed(Purpose.OPEN, _packed(order))


def sign_ticket_link(order: Order, purpose: Purpose, serial: int, form: str) -> str:
    """The secret part of a short-lived link to one ticket in one form; no two are alike.

    Raises:
        ValueError: a form that no address can carry, or a purpose that is not about one ticket.
    """
    if purpose is Purpose.OPEN or not _FORM.fullmatch(form):
        raise ValueError(f"no link for {purpose} of a ticket as {form!r}")
    about = secrets.token_bytes(_NONCE_BYTES) + serial.to_bytes(_SERIAL_BYTES, "big") + form.encode()
    return _signed(purpose, _packed(order) + about)


def read_link(text: str) -> OrderLink | None:
    """What a link says, or None when we did not sign it. Looks at `LONGEST_LINK` characters at most."""
    if not 0 < len(text) <= LONGEST_LINK or not text.isascii():
        return None
    for purpose in Purpose:
        try:
            value, _, made_at = signing.Signer(salt=_salt(purpose), sep=".").unsign(text).rpartition(".")
            packed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
            moment = datetime.fromtimestamp(signing.b62_decode(made_at), UTC)
        except (signing.BadSignature, binascii.Error, ValueError, OverflowError):
            continue
        return _unpacked(purpose, packed, moment, text)
    return None


def has_link_ended(event_ends_at: datetime, now: datetime) -> bool:
    """Whether mailed links to this event's orders have stopped working."""
    return now > event_ends_at + timedelta(days=LINK_DAYS)


def address_digest(email: str) -> bytes:
    """What binds a link, or a browser that was let in, to an address: eight bytes that do not say which it is."""
    return hashlib.sha256(same_address(email).encode()).digest()[:_ADDRESS_BYTES]


def _signed(purpose: Purpose, packed: bytes) -> str:
    value = base64.urlsafe_b64encode(packed).decode().rstrip("=")
    return signing.TimestampSigner(salt=_salt(purpose), sep=".").sign(value)


def _packed(order: Order) -> bytes:
    return order.event_id.to_bytes(4, "big") + order.id.bytes + address_digest(order.email)


def _unpacked(purpose: Purpose, packed: bytes, made_at: datetime, text: str) -> OrderLink:
    about = packed[_ORDER_BYTES + _NONCE_BYTES :]
    return OrderLink(
        purpose=purpose,
        event_id=int.from_bytes(packed[:4], "big"),
        order_id=UUID(bytes=packed[4:20]),
        address_digest=packed[20:_ORDER_BYTES],
        made_at=made_at,
        digest=hashlib.sha256(text.encode()).digest()[:DIGEST_BYTES],
        serial=int.from_bytes(about[:_SERIAL_BYTES], "big"),
        form=about[_SERIAL_BYTES:].decode(),
    )


def _salt(purpose: Purpose) -> str:
    return f"tmam.orders.{purpose}"
