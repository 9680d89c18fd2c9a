"""An authenticator in software, with real keys and signatures: makes what a browser would send, and what a thief would.

Written after WebAuthn Level 3, §§ 6.1 and 6.5, with nothing of the library that judges it but CBOR.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

ORIGIN = "http://localhost:8000"
UP, UV, BE, BS, AT = 0x01, 0x04, 0x08, 0x10, 0x40


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftAuthenticator:
    """One credential. `is_synced` ones count nothing; the others count each use."""

    is_synced: bool = False
    count: int = 0
    verifies: bool = True
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user_handle: bytes = b""

    def make(self, options: dict[str, Any], *, origin: str = ORIGIN) -> dict[str, Any]:
        """The answer to `navigator.credentials.create`."""
        asked = options["publicKey"]
        self.user_handle = unb64(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = (
            bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cbor.encode(cose)
        )
        data = self._data(asked["rp"]["id"], extra=attested, flags=AT)
        client = self._client("webauthn.create", asked["challenge"], origin)
        return self._answer(
            {
                "clientDataJSON": b64(client),
                "attestationObject": b64(cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})),
            }
        )

    def sign(
        self,
        options: dict[str, Any],
        *,
        origin: str = ORIGIN,
        rp_id: str | None = None,
        user_handle: bytes | None = None,
        kind: str = "webauthn.get",
        is_forged: bool = False,
    ) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`; each argument is a way to be wrong."""
        asked = options["publicKey"]
        if not self.is_synced:
            self.count += 1
        data = self._data(rp_id or asked["rpId"])
        client = self._client(kind, asked["challenge"], origin)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        if is_forged:
            other = ec.generate_private_key(ec.SECP256R1())
            signature = other.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": b64(client),
                "authenticatorData": b64(data),
                "signature": b64(signature),
                "userHandle": b64(self.user_handle if user_handle is None else user_handle),
            }
        )

    def _data(self, rp_id: str, *, extra: bytes = b"", flags: int = 0) -> bytes:
        flags |= UP | (UV if self.verifies else 0) | (BE | BS if self.is_synced else 0)
        return (
            hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big") + extra
        )

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
        ).encode()

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        return {
            "type": "public-key",
            "id": b64(self.credential_id),
            "rawId": b64(self.credential_id),
            "response": response,
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        }
