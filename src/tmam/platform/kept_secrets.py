"""Secrets that are made once and kept in the state folder, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from tmam.platform.state_folder import StateFolderError


class EmptySecretError(StateFolderError):
    """A kept secret is an empty file. Making a new one would make everything that the old one locked unreadable."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The secret {path} is empty. Restore it from a backup; only if nothing was ever kept with it, remove the file."
        )


def kept_secret(folder: Path, name: str, make: bytes | None = None) -> str:
    """Read the secret `name` from `folder`, making it on first use (file mode 600, folder mode 700).

    It is whole and on disk before it has its name, so neither a power cut nor a second process at the same
    moment can leave two secrets or half of one.

    Raises:
        EmptySecretError: the file is there and empty: a copy or a disk failed.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        _make_secret(path, make or secrets.token_urlsafe(48).encode())
    secret = path.read_text().strip()
    if not secret:
        raise EmptySecretError(path)
    return secret


def replace_secret(path: Path, secret: bytes) -> None:
    """Put a new secret in the place of an old one; whoever reads meanwhile gets one or the other, whole."""
    _unfinished(path, secret).replace(path)
    _keep_name(path)


def _make_secret(path: Path, secret: bytes) -> None:
    unfinished = _unfinished(path, secret)
    try:
        with contextlib.suppress(FileExistsError):  # another process was faster: its secret is the secret
            os.link(unfinished, path)
    finally:
        unfinished.unlink()
    _keep_name(path)


def _unfinished(path: Path, secret: bytes) -> Path:
    """The secret, whole and on disk, under a name of its own beside `path`."""
    handle, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 600
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    return Path(unfinished)


def _keep_name(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
