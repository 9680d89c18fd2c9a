"""Where finished files are kept: a folder of ours, or any store that speaks S3; one small port for both.

A name says what is in its file (`delivery.drawings`), so a file never changes and may be written twice. Files hold
personal data: in the folder nobody else may read them, in an object store they are encrypted where the setting says.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from tmam.delivery.folder_store import FolderStore
from tmam.platform.settings import Settings, current_settings


class FileStore(Protocol):
    """Names are relative paths of ours. Every method may raise `StoreAwayError`."""

    def get(self, name: str) -> bytes | None:
        """The whole file, or None if it is not there."""

    def read(self, name: str, start: int, end: int) -> bytes | None:
        """Its bytes from `start` up to, not including, `end`; None if it is not there."""

    def size(self, name: str) -> int | None:
        """Its bytes, or None if it is not there."""

    def put(self, name: str, content: bytes, media_type: str) -> None:
        """Keep a file: whoever reads sees all of it or nothing, also when two write at once or the power fails."""

    def delete(self, names: Sequence[str]) -> None:
        """Delete files; those that are not there are no error."""

    def names_below(self, folder: str) -> list[str]:
        """Every file below a folder."""

    def url_for(self, name: str, seconds: int) -> str | None:
        """A signed address that the file can be read at for so long; None: files of this store have none."""


@dataclass(frozen=True)
class StoreConfig:
    """What opens a store, in another process too. `url` is `s3://bucket/prefix` or empty: `folder`."""

    folder: Path
    url: str = ""
    endpoint: str = ""
    region: str = ""
    key: str = ""
    secret: str = field(default="", repr=False)
    encryption: str = ""


def store_config(settings: Settings) -> StoreConfig:
    """The store that the settings name."""
    return StoreConfig(
        folder=settings.state / "files",
        url=settings.file_store,
        endpoint=settings.file_store_endpoint,
        region=settings.file_store_region,
        key=settings.file_store_key,
        secret=settings.file_store_secret,
        encryption=settings.file_store_encryption,
    )


def open_store(config: StoreConfig) -> FileStore:
    """Open a store; nothing is asked of it yet.

    Raises:
        ValueError: the address is not `s3://bucket` or `s3://bucket/prefix`.
    """
    if not config.url:
        return FolderStore(config.folder)
    parts = urlsplit(config.url)
    if parts.scheme != "s3" or not parts.hostname or parts.query:
        raise ValueError("TMAM_FILE_STORE must look like s3://bucket/prefix")
    from tmam.delivery.object_store import ObjectStore  # only then is its library loaded

    return ObjectStore(config, bucket=parts.netloc, prefix=parts.path.strip("/"))


@functools.cache
def file_store() -> FileStore:
    """The store of this process's settings."""
    return open_store(store_config(current_settings()))
