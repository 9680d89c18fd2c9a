"""The master keys: they wrap the data keys of each event, and encrypt what belongs to no event.

Fernet (AES-128-CBC + HMAC-SHA-256) through `MultiFernet`: the first key encrypts, all of them decrypt. So a new
master key is put in front of the list, what the others locked is locked anew (`tmam keys rotate-master`), and then
the others can go. What belongs to an event is encrypted by data keys instead (`platform.data_keys`).
"""

from __future__ import annotations

import base64
import functools
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from tmam.platform.kept_secrets import kept_secret, replace_secret
from tmam.platform.settings import Settings, current_settings

MASTER_KEYS_FILE: Final = "master_keys"


class KeyWrapper(Protocol):
    """What locks data keys. Ours is `MasterKeys`; a key management service would be another."""

    def wrap(self, plain: bytes) -> bytes:
        """Lock under the newest key."""
        ...

    def unwrap(self, wrapped: bytes) -> bytes:
        """Open what `wrap` locked under any known key; cryptography.fernet.InvalidToken if none did."""
        ...

    def is_newest(self, wrapped: bytes) -> bool:
        """Whether this was locked under the newest key, so that the others are not needed for it."""
        ...


@dataclass(frozen=True)
class MasterKeys:
    """Fernet keys, newest first."""

    keys: Sequence[str] = field(repr=False)

    def wrap(self, plain: bytes) -> bytes:
        """See `KeyWrapper`."""
        return self._all.encrypt(plain)

    def unwrap(self, wrapped: bytes) -> bytes:
        """See `KeyWrapper`."""
        return self._all.decrypt(bytes(wrapped))

    def is_newest(self, wrapped: bytes) -> bool:
        """See `KeyWrapper`."""
        try:
            self._newest.decrypt(bytes(wrapped))
        except InvalidToken:
            return False
        return True

    @functools.cached_property
    def _all(self) -> MultiFernet:
        return MultiFernet([Fernet(key.strip()) for key in self.keys])

    @functools.cached_property
    def _newest(self) -> Fernet:
        return Fernet(self.keys[0].strip())


def encrypt(plain: bytes, purpose: str = "") -> bytes:
    """Encrypt for storage under the newest master key; with a purpose, so that nothing else opens it."""
    return wrapper(purpose).wrap(plain)


def decrypt(stored: bytes, purpose: str = "") -> bytes:
    """Decrypt what `encrypt` made under any known master key for the same purpose.

    Raises:
        cryptography.fernet.InvalidToken: no known key made this, it was for something else, or it was changed.
    """
    return wrapper(purpose).unwrap(stored)


def wrapper(purpose: str = "") -> KeyWrapper:
    """What locks keys in this installation; keys rotated by another process are seen at once.

    Each purpose has keys of its own, derived from the master keys: whoever writes to the database cannot move what was
    locked for one to a place where another is opened and shown.
    """
    settings = current_settings()
    try:
        written_at = 0 if settings.master_keys else os.stat(_path_text(settings)).st_mtime_ns  # noqa: PTH116 - as there
    except FileNotFoundError:
        written_at = 0
    return _master_keys(settings, written_at, purpose)


def add_master_key(settings: Settings) -> None:
    """Put a new key in front of those in the state folder. Programs that run find it by themselves.

    Raises:
        ValueError: the keys are set by TMAM_MASTER_KEYS, which is not ours to change.
    """
    _write(settings, [Fernet.generate_key().decode(), *_kept(settings)])


def drop_old_master_keys(settings: Settings) -> int:
    """Keep only the newest key of the state folder; returns how many went. Look first that nothing needs them.

    Raises:
        ValueError: the keys are set by TMAM_MASTER_KEYS, which is not ours to change.
    """
    kept = _kept(settings)
    _write(settings, kept[:1])
    return len(kept) - 1


def secret_key(settings: Settings) -> str:
    """The key that signs cookies and links: as set, or made once and kept in the state folder."""
    return settings.secret_key or kept_secret(settings.state / "keys", "secret_key")


@functools.lru_cache(maxsize=8)
def _master_keys(settings: Settings, _written_at: int, purpose: str) -> MasterKeys:
    keys = settings.master_keys.split(",") if settings.master_keys else _kept(settings)
    return MasterKeys(tuple(_bound(key, purpose) if purpose else key for key in keys))


def _bound(key: str, purpose: str) -> str:
    """The Fernet key that a master key gives for one purpose (HMAC-SHA-256 as NIST SP 800-108's function)."""
    secret = base64.urlsafe_b64decode(key.strip())
    return base64.urlsafe_b64encode(hmac.digest(secret, f"tmam/1|{purpose}".encode(), "sha256")).decode()


def _kept(settings: Settings) -> list[str]:
    path = _path(settings)
    return kept_secret(path.parent, path.name, Fernet.generate_key()).split(",")


def _path(settings: Settings) -> Path:
    return settings.state / "keys" / MASTER_KEYS_FILE


@functools.lru_cache(maxsize=8)
def _path_text(settings: Settings) -> str:
    """Asked for with every encrypted value: making a `Path` takes longer than opening one."""
    return str(_path(settings))


def _write(settings: Settings, keys: Sequence[str]) -> None:
    if settings.master_keys:
        raise ValueError("the master keys are set by TMAM_MASTER_KEYS")
    replace_secret(_path(settings), ",".join(keys).encode())
