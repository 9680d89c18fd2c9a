"""What checks an event's tickets without us: its public keys, signed for by a root that is kept offline.

Two short documents, each `{"payload": text, "signature": base64url}`; the signature is Ed25519 over a prefix and the
UTF-8 bytes of `payload`, itself JSON: nobody has to write JSON the way we do. The *delegation* is signed by the root
and says which key may sign key sets and revocation lists until when; the *key set* is signed by that key and carries
the delegation inside. Formats, byte by byte, for other implementers: `docs/token.md`.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from tmam.kernel.lifetime import Lifetime
from tmam.kernel.token import Signer, sign_bytes

KEY_SET_FORMAT: Final = "tmam-keys-1"
DELEGATION_FORMAT: Final = "tmam-delegation-1"
KEY_SET_DOMAIN: Final = b"TMAM-KEYS-1"
DELEGATION_DOMAIN: Final = b"TMAM-DELEGATION-1"
# A set of 255 keys is about 40 kB; nothing longer is looked at.
MAX_DOCUMENT_BYTES: Final = 262_144
PUBLIC_KEY_BYTES: Final = 32


class UntrustedKeySetError(ValueError):
    """The document does not prove what it says; the text says which step failed."""


@dataclass(frozen=True)
class Delegation:
    """The key (32 bytes) that a root lets sign from `not_before` until before `not_after` (aware, whole seconds)."""

    public_key: bytes
    not_before: datetime
    not_after: datetime
    host: str = ""


@dataclass(frozen=True)
class PublishedKey:
    """One event key: signs from `not_before`; `not_after` is when the last ticket it signed ends, None while it signs."""

    key_id: int
    public_key: bytes
    not_before: datetime
    not_after: datetime | None = None


@dataclass(frozen=True)
class KeySet:
    """The keys of one event. `revision` only rises; `revoked` are ids of stolen keys: nothing of theirs is good.

    Nobody goes by a set whose `lifetime` is over: an old one may miss a theft.
    """

    event_id: int
    revision: int
    lifetime: Lifetime
    keys: tuple[PublishedKey, ...]
    revoked: tuple[int, ...] = ()

    def public_keys(self) -> Mapping[int, bytes]:
        """Key id → 32 bytes, as `token.verify_token` and `bound_token.verify_certificate` want them."""
        return {key.key_id: key.public_key for key in self.keys}


def sign_delegation(delegation: Delegation, root_private_key: bytes) -> str:
    """The delegation as JSON text, signed by the root (32-byte seed)."""
    payload = {
        "format": DELEGATION_FORMAT,
        "public_key": delegation.public_key.hex(),
        "not_before": instant_text(delegation.not_before),
        "not_after": instant_text(delegation.not_after),
        "host": delegation.host,
    }
    return json.dumps(_signed(DELEGATION_DOMAIN, payload, root_private_key))


def read_delegation(text: str, root_public_key: bytes) -> Delegation:
    """Check a delegation against the root's public key (32 bytes). Its times are not judged here.

    Raises:
        UntrustedKeySetError: not signed by this root, or not a delegation.
    """
    payload = _opened(_parsed(text), DELEGATION_DOMAIN, DELEGATION_FORMAT, root_public_key, "delegation")
    try:
        return Delegation(
            _public_key(payload["public_key"]),
            instant_of(payload["not_before"]),
            instant_of(payload["not_after"]),
            str(payload.get("host", "")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UntrustedKeySetError("the delegation is malformed") from error


def sign_key_set(key_set: KeySet, private_key: bytes | Signer, delegation: str) -> str:
    """The key set as JSON text, signed by the delegated key; the same input gives the same bytes."""
    payload = {
        "format": KEY_SET_FORMAT,
        "event": key_set.event_id,
        "revision": key_set.revision,
        "issued_at": instant_text(key_set.lifetime.issued_at),
        "good_until": instant_text(key_set.lifetime.good_until),
        "keys": [
            {
                "kid": key.key_id,
                "public_key": key.public_key.hex(),
                "not_before": instant_text(key.not_before),
                "not_after": None if key.not_after is None else instant_text(key.not_after),
            }
            for key in key_set.keys
        ],
        "revoked": list(key_set.revoked),
    }
    signed = _signed(KEY_SET_DOMAIN, payload, private_key)
    return json.dumps(signed | {"delegation": json.loads(delegation)})


def verify_key_set(text: str | bytes, root_public_key: bytes, now: datetime) -> tuple[KeySet, Delegation]:
    """Check a key set from the root's public key (32 bytes) down, at an aware instant.

    Whoever kept an earlier set refuses one with a lower `revision`. The delegation that comes back has the key
    that signs the event's revocation list.

    Raises:
        UntrustedKeySetError: a signature, a format or a time does not fit; or it is longer than 256 KiB.
    """
    document = _parsed(text)
    delegation = read_delegation(json.dumps(document.get("delegation")), root_public_key)
    if not delegation.not_before <= now < delegation.not_after:
        raise UntrustedKeySetError(f"the delegation is good until {instant_text(delegation.not_after)}")
    payload = _opened(document, KEY_SET_DOMAIN, KEY_SET_FORMAT, delegation.public_key, "key set")
    try:
        keys = tuple(
            PublishedKey(
                int(each["kid"]),
                _public_key(each["public_key"]),
                instant_of(each["not_before"]),
                None if each["not_after"] is None else instant_of(each["not_after"]),
            )
            for each in payload["keys"]
        )
        revoked = tuple(int(kid) for kid in payload["revoked"])
        lifetime = Lifetime(instant_of(payload["issued_at"]), instant_of(payload["good_until"]))
        read = KeySet(int(payload["event"]), int(payload["revision"]), lifetime, keys, revoked)
    except (KeyError, TypeError, ValueError) as error:
        raise UntrustedKeySetError("the key set is malformed") from error
    if not lifetime.holds(now):
        said = f"{instant_text(lifetime.issued_at)} until {instant_text(lifetime.good_until)}"
        raise UntrustedKeySetError(f"the key set is good from {said}")
    return read, delegation


def instant_text(at: datetime) -> str:
    """An aware instant in whole seconds, `2026-12-01T12:00:00Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def instant_of(text: str) -> datetime:
    """The instant that `instant_text` wrote.

    Raises:
        ValueError: another form.
    """
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _signed(domain: bytes, payload: dict[str, Any], private_key: bytes | Signer) -> dict[str, Any]:
    text = json.dumps(payload, separators=(",", ":"))
    signature = sign_bytes(domain + text.encode(), private_key)
    return {"payload": text, "signature": base64.urlsafe_b64encode(signature).rstrip(b"=").decode()}


def _parsed(text: str | bytes) -> dict[str, Any]:
    if len(text) > MAX_DOCUMENT_BYTES:
        raise UntrustedKeySetError("the document is too long")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UntrustedKeySetError("the document is no JSON") from error
    if not isinstance(document, dict):
        raise UntrustedKeySetError("the document is no JSON object")
    return document


def _opened(
    document: dict[str, Any], domain: bytes, wanted: str, public_key: bytes, what: str
) -> dict[str, Any]:
    try:
        text, signature = document["payload"], document["signature"]
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        VerifyKey(public_key).verify(domain + text.encode(), raw)
    except (KeyError, TypeError, AttributeError, ValueError, binascii.Error, BadSignatureError) as error:
        raise UntrustedKeySetError(f"the signature of the {what} does not fit") from error
    payload = _parsed(text)
    if payload.get("format") != wanted:
        raise UntrustedKeySetError(f"the {what} has another format")
    return payload


def _public_key(text: str) -> bytes:
    raw = bytes.fromhex(text)
    if len(raw) != PUBLIC_KEY_BYTES:
        raise ValueError("a public key has 32 bytes")
    return raw
