"""Encryption at rest for personal fields and private keys.

Fernet (AES-128-CBC + HMAC-SHA-256) through `MultiFernet`: the first key encrypts, all of them decrypt, so
a new master key is put in front of the list and old rows are re-encrypted at leisure.
"""

from __future__ import annotations

import functools

from cryptography.fernet import Fernet, MultiFernet

from tmam.platform.settings import Settings, current_settings, kept_secret


def encrypt(plain: bytes) -> bytes:
    """Encrypt for storage under the newest master key."""
    return _vault(current_settings()).encrypt(plain)


def decrypt(stored: bytes) -> bytes:
    """Decrypt what `encrypt` made under any known master key.

    Raises:
        cryptography.fernet.InvalidToken: no known key made this, or it was changed.
    """
    return _vault(current_settings()).decrypt(bytes(stored))


def secret_key(settings: Settings) -> str:
    """The key that signs cookies and links: as set, or made once and kept in the state folder."""
    return settings.secret_key or kept_secret(settings.state / "keys", "secret_key")


@functools.lru_cache(maxsize=4)
def _vault(settings: Settings) -> MultiFernet:
    keys = settings.master_keys or kept_secret(settings.state / "keys", "master_keys", Fernet.generate_key())
    return MultiFernet([Fernet(key.strip()) for key in keys.split(",")])
