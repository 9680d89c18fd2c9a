"""The root: one Ed25519 key that is kept away from every server and signs delegations a few times a year.

Its file is a PKCS#8 PEM encrypted by a passphrase, so that `openssl pkey -in root.pem` opens it too. Pure: these
functions run on a machine that has neither a database nor a network.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tmam.kernel.key_set import Delegation, instant_of, instant_text, sign_delegation
from tmam.kernel.token import public_key_of

SHORTEST_PASSPHRASE: Final = 20
LONGEST_DELEGATION: Final = timedelta(days=400)
REQUEST_FORMAT: Final = "tmam-delegation-request-1"
SEED_BYTES: Final = 32


class RootKeyError(ValueError):
    """The root's file, its passphrase or a request cannot be used; the text is one sentence for its holder."""


@dataclass(frozen=True)
class DelegationRequest:
    """What a server asks the root's holder to sign: its public key (32 bytes), its host, when it asked."""

    public_key: bytes
    host: str
    made_at: datetime

    @property
    def fingerprint(self) -> str:
        """What the two people read to each other on the telephone: the key in groups of four."""
        text = self.public_key.hex()
        return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def make_root(passphrase: str) -> tuple[bytes, bytes]:
    """A new root: the encrypted PEM, and its public key (32 bytes).

    Raises:
        RootKeyError: the passphrase is too short to keep anybody out.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise RootKeyError(
            f"The passphrase needs at least {SHORTEST_PASSPHRASE} characters: five words chosen by dice are good."
        )
    seed = secrets.token_bytes(SEED_BYTES)
    pem = Ed25519PrivateKey.from_private_bytes(seed).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.encode())
    )
    return pem, public_key_of(seed)


def open_root(pem: bytes, passphrase: str) -> bytes:
    """The root's 32-byte seed.

    Raises:
        RootKeyError: another passphrase, or no such file.
    """
    try:
        key = load_pem_private_key(pem, passphrase.encode())
    except (ValueError, TypeError):
        raise RootKeyError("That passphrase does not open that file.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise RootKeyError("That file holds another kind of key.")
    return key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())


def request_text(request: DelegationRequest) -> str:
    """The request as JSON, to be carried to the root. It holds no secret."""
    return json.dumps(
        {
            "format": REQUEST_FORMAT,
            "public_key": request.public_key.hex(),
            "host": request.host,
            "made_at": instant_text(request.made_at),
        },
        indent=2,
    )


def read_request(text: str) -> DelegationRequest:
    """The request that `request_text` wrote.

    Raises:
        RootKeyError: something else.
    """
    try:
        found = json.loads(text)
        if found["format"] != REQUEST_FORMAT or len(bytes.fromhex(found["public_key"])) != SEED_BYTES:
            raise RootKeyError("That file is no request for a delegation.")
        made_at = instant_of(found["made_at"])
        return DelegationRequest(bytes.fromhex(found["public_key"]), str(found["host"]), made_at)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RootKeyError("That file is no request for a delegation.") from None


def sign_request(request: DelegationRequest, root_seed: bytes, now: datetime, lasting: timedelta) -> str:
    """The delegation for a request, good from `now` on for `lasting`.

    Raises:
        RootKeyError: it would be good for no time at all, or for more than 400 days.
    """
    if not timedelta(0) < lasting <= LONGEST_DELEGATION:
        raise RootKeyError(f"A delegation is good for 1 to {LONGEST_DELEGATION.days} days.")
    begin = now.replace(microsecond=0)
    return sign_delegation(Delegation(request.public_key, begin, begin + lasting, request.host), root_seed)
