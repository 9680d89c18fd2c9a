"""The token: the signed text in a ticket's code, format T1.

`"T1" + base32(body ‖ Ed25519("ETK1" ‖ body))`: 2 + 144 = 146 characters of `A–Z2–7`, which is QR version 6
at level M in alphanumeric mode. Eight live digits may follow (154 characters, the same QR version).
90 bytes are exactly 144 base-32 characters (RFC 4648 §6, no padding), so no bits are left over and each
token has one spelling only.

The body, 26 bytes, big-endian:

| offset | bytes | field | meaning |
|---|---|---|---|
| 0 | 1 | key id | which key of the event signed (u8) |
| 1 | 1 | flags | bits 0–1 duration unit (0 minutes, 1 hours, 2 days), bits 2–4 kind of place, bits 5–7 zero |
| 2 | 1 | generation | rises when the ticket is transferred, resold, bound or replaced (u8) |
| 3 | 4 | event | the event's number (u32) |
| 7 | 2 | date | ordinal of the date within the event (u16) |
| 9 | 4 | serial | the ticket's number, dense within the event (u32) |
| 13 | 2 | ticket type | ordinal within the event (u16) |
| 15 | 4 | valid from | minutes since 1970-01-01 00:00 UTC (u32) |
| 19 | 2 | duration | how long it is valid, in the unit of the flags (u16) |
| 21 | 5 | place | by kind, see `tmam.kernel.place` |

"ETK1" separates these signatures from any other use of the same key. Signing is deterministic (RFC 8032),
so a token can be made again from its ticket's row, and the row keeps only the SHA-256 of the text.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, NamedTuple, TypeAlias

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from tmam.kernel.place import PLACE_BYTES, CoachPlace, Place, SeatPlace, decode_place, encode_place
from tmam.kernel.token_errors import (
    TokenError,
    TokenForeignError,
    TokenForgedError,
    TokenKeyUnknownError,
    TokenMalformedError,
)

__all__ = [
    "LIVE_DIGITS",
    "MAX_READ_CHARACTERS",
    "TOKEN_CHARACTERS",
    "CoachPlace",
    "DecodedToken",
    "DurationUnit",
    "Place",
    "SeatPlace",
    "Signer",
    "TokenBody",
    "TokenError",
    "TokenForeignError",
    "TokenForgedError",
    "TokenKeyUnknownError",
    "TokenMalformedError",
    "decode_token",
    "encode_token",
    "pack_body",
    "public_key_of",
    "sign_bytes",
    "take_apart",
    "token_sha256",
    "unpack_body",
    "verify_decoded",
    "verify_token",
]

# Signs a message with a key that cannot be had (a hardware module): 64 bytes of Ed25519.
Signer: TypeAlias = Callable[[bytes], bytes]
DurationUnit: TypeAlias = Literal["minutes", "hours", "days"]

PREFIX: Final = "T1"
DOMAIN: Final = b"ETK1"
SIGNATURE_BYTES: Final = 64
TOKEN_CHARACTERS: Final = 146
LIVE_DIGITS: Final = 8
# Far above any token; a longer text is not even looked at.
MAX_READ_CHARACTERS: Final = 4096

_BODY = struct.Struct(f">BBBIHIHIH{PLACE_BYTES}s")
BODY_BYTES: Final = _BODY.size
_UNITS: tuple[DurationUnit, ...] = ("minutes", "hours", "days")
_UNIT_MASK, _KIND_SHIFT, _KIND_MASK, _RESERVED_MASK = 0b11, 2, 0b111, 0b1110_0000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_SHAPE = re.compile(rf"T1([A-Z2-7]{{{TOKEN_CHARACTERS - len(PREFIX)}}})([0-9]{{{LIVE_DIGITS}}})?")
_LIKE_OURS = re.compile(r"T1[A-Z0-9]*")


@dataclass(frozen=True)
class TokenBody:
    """What a token says. `valid_from` is a whole minute; `duration` counts `duration_unit`s, 0–65535."""

    key_id: int
    generation: int
    event_id: int
    date_ordinal: int
    serial: int
    ticket_type: int
    valid_from: datetime
    duration: int
    duration_unit: DurationUnit
    place: Place | None = None

    @property
    def valid_until(self) -> datetime:
        """The instant from which the token no longer admits (UTC)."""
        return self.valid_from + timedelta(**{self.duration_unit: self.duration})


class DecodedToken(NamedTuple):
    """A token taken apart, its signature not yet checked.

    `signature` is 64 bytes over `signed_bytes` (30 bytes: the domain and the body), `token` the canonical
    146 characters, `live_digits` the eight digits after it, or None.
    """

    body: TokenBody
    signature: bytes
    signed_bytes: bytes
    token: str
    live_digits: str | None


def encode_token(body: TokenBody, private_key: bytes | Signer) -> str:
    """The 146 characters for a body, signed with a 32-byte Ed25519 seed (or by who keeps it). Same input, same text.

    Raises:
        ValueError: a number does not fit its field, or `valid_from` is naive or no whole minute.
    """
    packed = pack_body(body)
    signature = sign_bytes(DOMAIN + packed, private_key)
    return PREFIX + base64.b32encode(packed + signature).decode("ascii")


def decode_token(text: str) -> DecodedToken:
    """Take apart what a scanner read or a person typed; case and blanks anywhere in it do not matter.

    The signature is not checked: use `verify_token`, or `verify_decoded` once the event's keys are at hand.

    Raises:
        TokenForeignError: nothing of ours.
        TokenMalformedError: begins like ours, but has a wrong length, character or flag.
    """
    found, raw, body = take_apart(text, _SHAPE, _LIKE_OURS)
    token = found[0][:TOKEN_CHARACTERS]
    return DecodedToken(body, raw[BODY_BYTES:], DOMAIN + raw[:BODY_BYTES], token, found[2])


def take_apart(
    text: str, shape: re.Pattern[str], like_ours: re.Pattern[str]
) -> tuple[re.Match[str], bytes, TokenBody]:
    """What a scanner read, of whichever format: the match of its squeezed text, its bytes, the body they begin with.

    `shape` fits a whole code of the format, its first group the base 32; `like_ours` whatever begins like one.

    Raises:
        TokenForeignError, TokenMalformedError: see `decode_token`.
    """
    if len(text) > MAX_READ_CHARACTERS or not text.isascii():
        raise TokenForeignError
    squeezed = "".join(text.split()).upper()
    found = shape.fullmatch(squeezed)
    if found is None:
        if like_ours.fullmatch(squeezed):
            raise TokenMalformedError(len(squeezed))
        raise TokenForeignError
    try:
        raw = base64.b32decode(found[1])
        body = unpack_body(raw[:BODY_BYTES])
    except (binascii.Error, ValueError, OverflowError) as error:
        raise TokenMalformedError(len(squeezed)) from error
    return found, raw, body


def verify_decoded(decoded: DecodedToken, public_keys: Mapping[int, bytes]) -> TokenBody:
    """Check a decoded token against its event's keys (key id → 32 bytes) and hand back its body.

    The keys must be those of `decoded.body.event_id`: key ids are counted per event. Neither the validity
    times nor the live digits are judged here.

    Raises:
        TokenKeyUnknownError: the event has no key of that id.
        TokenForgedError: the signature does not fit.
    """
    public_key = public_keys.get(decoded.body.key_id)
    if public_key is None:
        raise TokenKeyUnknownError(decoded.body.key_id)
    try:
        VerifyKey(public_key).verify(decoded.signed_bytes, decoded.signature)
    except BadSignatureError:
        raise TokenForgedError from None
    return decoded.body


def verify_token(text: str, public_keys: Mapping[int, bytes]) -> TokenBody:
    """Read a token and check its signature against the keys of its event (key id → 32 bytes).

    Raises:
        TokenForeignError, TokenMalformedError: see `decode_token`.
        TokenKeyUnknownError, TokenForgedError: see `verify_decoded`.
    """
    return verify_decoded(decode_token(text), public_keys)


def token_sha256(token: str) -> bytes:
    """The 32 bytes kept on record for a token: SHA-256 of its canonical 146 characters, without live digits."""
    return hashlib.sha256(token[:TOKEN_CHARACTERS].encode("ascii")).digest()


def sign_bytes(message: bytes, private_key: bytes | Signer) -> bytes:
    """The 64-byte Ed25519 signature of a message by a 32-byte seed, or by a signer that keeps its key to itself.

    RFC 8032: the same input gives the same bytes.
    """
    if not isinstance(private_key, bytes):
        return private_key(message)
    return _signing_key(private_key).sign(message).signature


def public_key_of(private_key: bytes) -> bytes:
    """The 32-byte public half of a 32-byte Ed25519 seed."""
    return bytes(_signing_key(private_key).verify_key)


@functools.lru_cache(maxsize=64)
def _signing_key(private_key: bytes) -> SigningKey:
    # Expanding a seed costs as much as signing with it, and one event signs thousands with the same.
    return SigningKey(private_key)


def pack_body(body: TokenBody) -> bytes:
    """The 26 bytes of a body.

    Raises:
        ValueError: a number does not fit its field, or `valid_from` is naive or no whole minute.
    """
    if body.valid_from.tzinfo is None:
        raise ValueError("valid_from has no time zone")
    minutes, rest = divmod(body.valid_from - _EPOCH, _MINUTE)
    if rest:
        raise ValueError(f"valid_from {body.valid_from} is no whole minute")
    kind, place = encode_place(body.place)
    flags = _UNITS.index(body.duration_unit) | kind << _KIND_SHIFT
    numbers = (body.generation, body.event_id, body.date_ordinal, body.serial, body.ticket_type)
    try:
        return _BODY.pack(body.key_id, flags, *numbers, minutes, body.duration, place)
    except struct.error as error:
        raise ValueError(f"{body} does not fit a token: {error}") from error


def unpack_body(packed: bytes) -> TokenBody:
    """The body in 26 bytes.

    Raises:
        ValueError, OverflowError: flags or a place of no meaning, or a validity beyond the calendar.
    """
    key_id, flags, generation, event_id, date_ordinal, serial, ticket_type, minutes, duration, place = (
        _BODY.unpack(packed)
    )
    if flags & _RESERVED_MASK or flags & _UNIT_MASK >= len(_UNITS):
        raise ValueError(f"unknown flags {flags:#04x}")
    body = TokenBody(
        key_id=key_id,
        generation=generation,
        event_id=event_id,
        date_ordinal=date_ordinal,
        serial=serial,
        ticket_type=ticket_type,
        valid_from=_EPOCH + minutes * _MINUTE,
        duration=duration,
        duration_unit=_UNITS[flags & _UNIT_MASK],
        place=decode_place(flags >> _KIND_SHIFT & _KIND_MASK, place),
    )
    _ = body.valid_until  # a u32 of minutes ends in the year 10136, Python's calendar in 9999: OverflowError
    return body
