"""The eight live digits after a token: RFC 6238 with SHA-1, a step of 15 seconds.

The secret of a ticket is derived from its event's master, so gates keep one secret an event, and a new
generation has new digits. Wallets that can compute TOTP offline (Google's rotating barcode) show the same form.
A right code says that the screen is live within about 45 seconds; it does not stop somebody who relays it.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from datetime import datetime
from typing import Final

from tmam.kernel.token import LIVE_DIGITS

STEP_S: Final = 15
# One step to either side: clocks differ, and a scan takes a moment.
STEPS_ASIDE: Final = 1
SECRET_BYTES: Final = 20
MASTER_BYTES: Final = 32


def live_secret(master: bytes, event_id: int, serial: int, generation: int) -> bytes:
    """The 20-byte TOTP secret of one generation of a ticket, from its event's 32-byte master."""
    message = b"totp" + struct.pack(">IIB", event_id, serial, generation)
    return hmac.new(master, message, hashlib.sha256).digest()[:SECRET_BYTES]


def live_step(at: datetime) -> int:
    """The number of the step that an aware instant lies in, since 1970."""
    return int(at.timestamp()) // STEP_S


def live_digits(secret: bytes, step: int) -> str:
    """The eight digits of a step (RFC 4226 §5.3)."""
    digest = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    (number,) = struct.unpack_from(">I", digest, offset)
    return str((number & 0x7FFF_FFFF) % 10**LIVE_DIGITS).zfill(LIVE_DIGITS)


def are_live(digits: str, secret: bytes, at: datetime) -> bool:
    """Whether these digits belong to this moment, give or take a step; takes the same time for any digits."""
    now = live_step(at)
    steps = range(max(0, now - STEPS_ASIDE), now + STEPS_ASIDE + 1)
    return any(
        [hmac.compare_digest(digits.encode(), live_digits(secret, step).encode()) for step in steps]  # noqa: C419 - each is compared, whichever fits
    )
