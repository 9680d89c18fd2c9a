"""This server's right to sign key sets: asked for, installed, and at hand while it is good.

In demo and test the server is its own root (a file in the state folder) and says so; in production the root is
somebody's offline key (`root_key`), and until it has signed, nothing is published.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tmam.kernel.key_set import Delegation, UntrustedKeySetError, read_delegation, sign_delegation
from tmam.kernel.token import public_key_of
from tmam.platform.kept_secrets import kept_secret
from tmam.platform.keys import decrypt, encrypt
from tmam.platform.settings import Settings, current_settings
from tmam.tickets.errors import KeySetUnsignedError
from tmam.tickets.key_sets.root_key import DelegationRequest
from tmam.tickets.models import KeySetSigner

GOOD_FOR: Final = timedelta(days=90)
# A month is time enough to meet the holder of the root.
WARN_BEFORE: Final = timedelta(days=30)
SEED_BYTES: Final = 32
DEVELOPMENT_ROOT: Final = "development_root"


class NotOurDelegationError(ValueError):
    """A delegation cannot be installed; the text is one sentence for the operator."""


@dataclass(frozen=True)
class Delegated:
    """What signs key sets now: the 32-byte seed, the delegation that goes along, and the root that gave it."""

    private_key: bytes = field(repr=False)
    delegation: str
    root_public_key: bytes
    not_after: datetime


def request_delegation(host: str, now: datetime) -> DelegationRequest:
    """Make a key and ask for a delegation; asked again before one was installed, it asks for the same key."""
    waiting = KeySetSigner.objects.filter(delegation="").order_by("-id").first()
    if waiting is None:
        seed = secrets.token_bytes(SEED_BYTES)
        waiting = KeySetSigner.objects.create(
            public_key=public_key_of(seed), private_key_encrypted=encrypt(seed), made_at=now
        )
    return DelegationRequest(bytes(waiting.public_key), host, waiting.made_at)


def install_delegation(text: str, root_public_key: bytes | None, now: datetime) -> Delegation:
    """Keep what the root signed; from now on key sets go out with it.

    `root_public_key` (32 bytes) is needed for the first one and to change the root; None trusts the root of before.

    Raises:
        NotOurDelegationError: no root is known yet, it is another's, for a key we do not have, or over already.
    """
    root = root_public_key or trusted_root()
    if root is None:
        raise NotOurDelegationError("No root is known here yet: say its public key with --root.")
    try:
        delegation = read_delegation(text, root)
    except UntrustedKeySetError as error:
        raise NotOurDelegationError(
            f"The root {root.hex()[:16]}… did not sign that file: {error}."
        ) from error
    signer = KeySetSigner.objects.filter(public_key=delegation.public_key).first()
    if signer is None:
        raise NotOurDelegationError("That delegation is for a key this installation does not have.")
    if delegation.not_after <= now:
        raise NotOurDelegationError("That delegation is over already.")
    signer.delegation, signer.root_public_key = text, root
    signer.not_before, signer.not_after = delegation.not_before, delegation.not_after
    signer.save()
    return delegation


def trusted_root() -> bytes | None:
    """The public key (32 bytes) of the root that signed last; None before the first delegation."""
    last = KeySetSigner.objects.exclude(delegation="").order_by("-not_before", "-id").first()
    return bytes(last.root_public_key) if last and last.root_public_key else None


def delegated(now: datetime) -> Delegated:
    """What signs at this moment; outside production the server gives itself a delegation when it has none.

    Raises:
        KeySetUnsignedError: production, and no delegation is good at this moment.
    """
    found = _good(now)
    if found is None and current_settings().mode != "production":
        _be_own_root(current_settings(), now)
        found = _good(now)
    if found is None:
        raise KeySetUnsignedError
    return found


def is_own_root(root_public_key: bytes) -> bool:
    """Whether this root is the development one of our own state folder."""
    folder = current_settings().state / "keys"
    return (folder / DEVELOPMENT_ROOT).exists() and root_public_key == public_key_of(
        _own_root(current_settings())
    )


def _good(now: datetime) -> Delegated | None:
    signer = (
        KeySetSigner.objects.filter(not_before__lte=now, not_after__gt=now)
        .exclude(delegation="")
        .order_by("-not_before", "-id")
        .first()
    )
    if signer is None or signer.root_public_key is None or signer.not_after is None:
        return None
    seed = decrypt(bytes(signer.private_key_encrypted))
    return Delegated(seed, signer.delegation, bytes(signer.root_public_key), signer.not_after)


def _be_own_root(settings: Settings, now: datetime) -> None:
    root = _own_root(settings)
    request = request_delegation(settings.host, now)
    begin = now.replace(microsecond=0)
    delegation = Delegation(request.public_key, begin, begin + GOOD_FOR, f"{settings.host} (development)")
    install_delegation(sign_delegation(delegation, root), public_key_of(root), now)


def _own_root(settings: Settings) -> bytes:
    made = secrets.token_hex(SEED_BYTES).encode()
    return bytes.fromhex(kept_secret(settings.state / "keys", DEVELOPMENT_ROOT, made))
