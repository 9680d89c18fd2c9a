"""Identifiers: UUIDv7 for rows, short references for people. Time and randomness are arguments."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from tmam.kernel.typed_codes import visible

# Crockford's base 32: no I, L, O, U, so a reference survives being read aloud and typed back.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_RANDOM_CHARS = 6
# The database's integer; an address or a token may name a higher number, but none was ever given out.
LARGEST_EVENT_ID = 2**31 - 1
# One less than a UUIDv7 has room for, so that counting up from random bits never overflows.
ID_BITS = 73
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def new_uuid7(now: datetime, random_bits: int | None = None) -> UUID:
    """A UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits.

    `random_bits` is for tests; left out, the operating system's generator is asked.
    """
    if random_bits is None:
        random_bits = secrets.randbits(74)
    milliseconds = int(now.timestamp() * 1000) & ((1 << 48) - 1)
    high, low = (random_bits >> 62) & 0xFFF, random_bits & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def new_booking_reference(event_id: int, random_bits: int | None = None) -> str:
    """A booking reference that carries its event: `<event in base 32>-<6 random characters>`.

    30 random bits make a clash within one event rare; the database's unique key makes it harmless.
    """
    if random_bits is None:
        random_bits = secrets.randbits(5 * REFERENCE_RANDOM_CHARS)
    tail = encode_base32(random_bits).rjust(REFERENCE_RANDOM_CHARS, "0")[-REFERENCE_RANDOM_CHARS:]
    return f"{encode_base32(event_id)}-{tail}"


def parse_booking_reference(typed: str) -> tuple[int, str] | None:
    """The event and the canonical form of a reference as a person typed it, or None if it is none.

    Case, spaces and look-alike letters (O for 0, I and L for 1) are forgiven.
    """
    text = visible(typed).translate(_READ_AS)
    head, dash, tail = text.partition("-")
    if not dash:
        head, tail = text[:-REFERENCE_RANDOM_CHARS], text[-REFERENCE_RANDOM_CHARS:]
    if not head or len(head) > 7 or len(tail) != REFERENCE_RANDOM_CHARS:
        return None
    if any(char not in ALPHABET for char in head + tail):
        return None
    event_id = int(head.translate(_TO_INT_DIGITS), 32)
    if not 0 < event_id <= LARGEST_EVENT_ID:
        return None
    return event_id, f"{encode_base32(event_id)}-{tail}"


def encode_base32(number: int) -> str:
    """A non-negative whole number in Crockford's base 32, without padding."""
    digits = ""
    while True:
        number, digit = divmod(number, 32)
        digits = ALPHABET[digit] + digits
        if not number:
            return digits


_TO_INT_DIGITS = str.maketrans(ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUV")
