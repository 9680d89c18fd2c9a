"""How a phone's wallet proves who it is: its device key signs what it sends, together with a challenge of ours.

No cookie and no secret in an address: a message is `{"key", "challenge", "body", "signature"}`, bytes in base 64 (URL
alphabet, no padding). The signature is Ed25519 over four lines, `tmam-wallet-1`, purpose, challenge, body; it cannot be
mistaken for a code, which is signed over `"ETK2-NOW" …` (`kernel.bound_token`). Challenges are signed, not stored, and
live for five minutes; within them a message may come twice, and every verb here is the same done twice.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass
from typing import Final

import msgspec
from django.core.signing import BadSignature, TimestampSigner
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from tmam.fulfilment.errors import WalletProofError
from tmam.kernel.bound_token import DEVICE_KEY_BYTES
from tmam.platform.errors import BadRequestError
from tmam.platform.strangers_json import read_json

DOMAIN: Final = "tmam-wallet-1"
CHALLENGE_LIVES_S: Final = 300
LARGEST_MESSAGE: Final = 64 * 1024
_SIGNER = TimestampSigner(salt="tmam.fulfilment.wallet")


class Message(msgspec.Struct, frozen=True):
    """What a wallet sends. `body` is JSON as text, because it is signed as text."""

    key: str
    challenge: str
    body: str
    signature: str


_MESSAGE: Final = msgspec.json.Decoder(Message)


@dataclass(frozen=True)
class ProvenMessage:
    """A message whose signature fits. `key` is the device's public key, 32 bytes."""

    key: bytes
    body: bytes


def new_challenge() -> str:
    """A challenge that lives for `CHALLENGE_LIVES_S`."""
    return _SIGNER.sign(secrets.token_urlsafe(9))


def signed_text(purpose: str, challenge: str, body: str) -> bytes:
    """What the device signs."""
    return "\n".join((DOMAIN, purpose, challenge, body)).encode()


def read_message(raw: bytes, purpose: str) -> ProvenMessage:
    """Check a message from a wallet.

    Args:
        raw: the request's body.
        purpose: what it is for (`take`, `sync`, `renew`, `leave`): a signature for one is no use for another.

    Raises:
        BadRequestError: no message, or larger than `LARGEST_MESSAGE`.
        WalletProofError: the challenge is not ours or too old, or the signature does not fit.
    """
    if len(raw) > LARGEST_MESSAGE:
        raise BadRequestError(where="body")
    message = read_json(raw, _MESSAGE, "body")
    try:
        key, signature = _bytes(message.key), _bytes(message.signature)
    except (binascii.Error, ValueError):
        raise BadRequestError(where="body") from None
    try:
        _SIGNER.unsign(message.challenge, max_age=CHALLENGE_LIVES_S)
        if len(key) != DEVICE_KEY_BYTES:
            raise WalletProofError
        VerifyKey(key).verify(signed_text(purpose, message.challenge, message.body), signature)
    except (BadSignature, BadSignatureError, ValueError):
        raise WalletProofError from None
    return ProvenMessage(key, message.body.encode())


def read_key(text: str) -> bytes:
    """A public key that a message names, 32 bytes.

    Raises:
        BadRequestError: it is none.
    """
    try:
        key = _bytes(text)
    except (binascii.Error, ValueError):
        raise BadRequestError(where="key") from None
    if len(key) != DEVICE_KEY_BYTES:
        raise BadRequestError(where="key")
    return key


def read_new_key(old_key: bytes, text: str, proof: str) -> bytes:
    """The key that a phone wants to have from now on, 32 bytes; it agrees by signing `agreed_text`.

    Raises:
        BadRequestError: it is none, or the one it has.
        WalletProofError: it did not agree.
    """
    key = read_key(text)
    if key == old_key:
        raise BadRequestError(where="key")
    try:
        VerifyKey(key).verify(agreed_text(old_key, key), _bytes(proof))
    except (BadSignatureError, binascii.Error, ValueError):
        raise WalletProofError from None
    return key


def agreed_text(old_key: bytes, new_key: bytes) -> bytes:
    """What a phone's new key signs to take the old one's place; it says both, so it fits no other phone."""
    names = [base64.urlsafe_b64encode(key).decode().rstrip("=") for key in (old_key, new_key)]
    return "\n".join((DOMAIN, "renew-to", *names)).encode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
