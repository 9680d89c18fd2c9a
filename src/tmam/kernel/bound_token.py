"""The code of a ticket that is bound to a device, format T2: a fresh proof every 15 seconds, no shared secret.

When a ticket is bound, the server signs the device's public key together with the ticket's body: the
*certificate*, 122 bytes, which the device keeps. Each 15 seconds the device signs the time step with a private
key that never leaves it. A gate needs only the event's public keys to check both, and holds nothing that could
make a code.

The code is `"T2" + base32(certificate ‖ step ‖ proof)`: 190 bytes are exactly 304 characters, so 306 in all,
QR version 10 at level M in alphanumeric mode.

| offset | bytes | part | meaning |
|---|---|---|---|
| 0 | 26 | body | as in T1 (`kernel.token`) |
| 26 | 32 | device key | the device's Ed25519 public key |
| 58 | 64 | signature | by the event's key over `"ETK2" ‖ body ‖ device key` |
| 122 | 4 | step | seconds since 1970 divided by 15 (u32) |
| 126 | 64 | proof | by the device over `"ETK2-NOW" ‖ body ‖ device key ‖ step` |
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from tmam.kernel.live_digits import STEPS_ASIDE, live_step
from tmam.kernel.token import (
    BODY_BYTES,
    SIGNATURE_BYTES,
    Signer,
    TokenBody,
    pack_body,
    sign_bytes,
    take_apart,
)
from tmam.kernel.token_errors import (
    TokenForgedError,
    TokenKeyUnknownError,
)

PREFIX: Final = "T2"
DOMAIN: Final = b"ETK2"
PROOF_DOMAIN: Final = b"ETK2-NOW"
DEVICE_KEY_BYTES: Final = 32
CERTIFICATE_BYTES: Final = BODY_BYTES + DEVICE_KEY_BYTES + SIGNATURE_BYTES
BOUND_CHARACTERS: Final = 306

_STEP = struct.Struct(">I")
_SIGNED_BYTES = BODY_BYTES + DEVICE_KEY_BYTES
_SHAPE = re.compile(rf"T2([A-Z2-7]{{{BOUND_CHARACTERS - len(PREFIX)}}})")
_LIKE_OURS = re.compile(r"T2[A-Z0-9]*")


class DecodedBound(NamedTuple):
    """A bound code taken apart, nothing checked yet. `certificate` is the part that stays the same."""

    body: TokenBody
    certificate: bytes
    step: int
    proof: bytes

    @property
    def device_key(self) -> bytes:
        """The device's public key, 32 bytes."""
        return self.certificate[BODY_BYTES:_SIGNED_BYTES]


def sign_certificate(body: TokenBody, device_key: bytes, private_key: bytes | Signer) -> bytes:
    """The 122 bytes that bind a ticket to a device's 32-byte public key; the same input gives the same bytes.

    Raises:
        ValueError: the key has another length, or see `token.pack_body`.
    """
    if len(device_key) != DEVICE_KEY_BYTES:
        raise ValueError(f"a device key has {DEVICE_KEY_BYTES} bytes, not {len(device_key)}")
    signed = pack_body(body) + device_key
    return signed + sign_bytes(DOMAIN + signed, private_key)


def proof_message(certificate: bytes, step: int) -> bytes:
    """What the device signs for a time step."""
    return PROOF_DOMAIN + certificate[:_SIGNED_BYTES] + _STEP.pack(step)


def bound_text(certificate: bytes, step: int, proof: bytes) -> str:
    """The 306 characters that a device shows."""
    return PREFIX + base64.b32encode(certificate + _STEP.pack(step) + proof).decode("ascii")


def looks_bound(text: str) -> bool:
    """Whether a text begins like a bound code, so that `decode_bound` gives the better answer."""
    return text.lstrip()[:2].upper() == PREFIX


def decode_bound(text: str) -> DecodedBound:
    """Take apart what a scanner read; case and blanks do not matter. No signature is checked.

    Raises:
        TokenForeignError: nothing of ours.
        TokenMalformedError: begins like ours, but has a wrong length, character or flag.
    """
    _, raw, body = take_apart(text, _SHAPE, _LIKE_OURS)
    (step,) = _STEP.unpack_from(raw, CERTIFICATE_BYTES)
    return DecodedBound(body, raw[:CERTIFICATE_BYTES], step, raw[CERTIFICATE_BYTES + _STEP.size :])


def verify_certificate(decoded: DecodedBound, public_keys: Mapping[int, bytes]) -> TokenBody:
    """Check the server's signature against the keys of the body's event (key id → 32 bytes).

    Raises:
        TokenKeyUnknownError: the event has no key of that id.
        TokenForgedError: the signature does not fit.
    """
    public_key = public_keys.get(decoded.body.key_id)
    if public_key is None:
        raise TokenKeyUnknownError(decoded.body.key_id)
    signed, signature = decoded.certificate[:_SIGNED_BYTES], decoded.certificate[_SIGNED_BYTES:]
    if not _fits(public_key, DOMAIN + signed, signature):
        raise TokenForgedError
    return decoded.body


def is_proof_genuine(decoded: DecodedBound) -> bool:
    """Whether the device named in the certificate signed this step. Its freshness is `is_proof_fresh`'s business."""
    return _fits(decoded.device_key, proof_message(decoded.certificate, decoded.step), decoded.proof)


def is_proof_fresh(decoded: DecodedBound, at: datetime) -> bool:
    """Whether the proof's step is that of an aware instant, give or take one."""
    return abs(decoded.step - live_step(at)) <= STEPS_ASIDE


def certificate_sha256(certificate: bytes) -> bytes:
    """The 32 bytes kept on record for a bound ticket."""
    return hashlib.sha256(PREFIX.encode() + certificate).digest()


def _fits(public_key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        VerifyKey(public_key).verify(message, signature)
    except (BadSignatureError, ValueError):
        return False
    return True
