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
    return step_of_digits(digits, secret, at, STEPS_ASIDE) is not None


def step_of_digits(digits: str, secret: bytes, at: datetime, steps_aside: int) -> int | None:
    """Which step near an aware instant these digits belong to, the nearest one; None: none of them.

    The steps that count as live are compared whether or not one fits already, so that time tells nothing; only
    digits that are wrong there are looked for `steps_aside` away, so as to say by how much they are off.
    """
    now = live_step(at)
    live = [step for step in _near(now, 0, STEPS_ASIDE) if _are_of(digits, secret, step)]
    if live:
        return live[0]
    further = _near(now, STEPS_ASIDE + 1, steps_aside)
    return next((step for step in further if _are_of(digits, secret, step)), None)


def _near(now: int, nearest: int, furthest: int) -> list[int]:
    """The steps from `nearest` to `furthest` away, nearest first, none before 1970."""
    distances = range(nearest, furthest + 1)
    sides = {now + side * distance for distance in distances for side in (-1, 1)}
    return sorted((step for step in sides if step >= 0), key=lambda step: abs(step - now))


def _are_of(digits: str, secret: bytes, step: int) -> bool:
    return hmac.compare_digest(digits.encode(), live_digits(secret, step).encode())
