"""Files in any store that speaks S3 (AWS, MinIO, Ceph, Garage, R2 …), through `obstore` (Rust's object_store).

An object's PUT is all or nothing. Wrong keys, a missing bucket and a network that is down all mean the same to who
waits for a ticket: the store is away; the log says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import S3Store

from tmam.delivery.errors import StoreAwayError

if TYPE_CHECKING:
    from obstore.store import S3Config

    from tmam.delivery.store import StoreConfig

ANSWER_PATIENCE, CONNECT_PATIENCE = timedelta(seconds=10), timedelta(seconds=3)
RETRIES = 2
_log = structlog.get_logger()


class ObjectStore:
    """`delivery.store.FileStore` in a bucket, below a prefix."""

    def __init__(self, config: StoreConfig, *, bucket: str, prefix: str) -> None:
        options: S3Config = {"region": config.region or "us-east-1"}
        if config.endpoint:
            options["endpoint"] = config.endpoint
        if config.key:
            options |= {"access_key_id": config.key, "secret_access_key": config.secret}
        if config.encryption:
            options["server_side_encryption"] = config.encryption
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config=options,
            client_options={
                "timeout": ANSWER_PATIENCE,
                "connect_timeout": CONNECT_PATIENCE,
                "allow_http": config.endpoint.startswith("http://"),
            },
            retry_config={"max_retries": RETRIES, "retry_timeout": ANSWER_PATIENCE},
        )

    def get(self, name: str) -> bytes | None:
        """The whole file."""
        with _trouble("get"):
            try:
                return obstore.get(self._store, name).bytes().to_bytes()
            except FileNotFoundError:
                return None

    def read(self, name: str, start: int, end: int) -> bytes | None:
        """A range of it."""
        with _trouble("read"):
            try:
                return obstore.get_range(self._store, name, start=start, end=end).to_bytes()
            except FileNotFoundError:
                return None

    def size(self, name: str) -> int | None:
        """Its bytes."""
        with _trouble("size"):
            try:
                return obstore.head(self._store, name)["size"]
            except FileNotFoundError:
                return None

    def put(self, name: str, content: bytes, media_type: str) -> None:
        """Keep it, in one request."""
        with _trouble("put"):
            saved_as = f"ticket.{name.rpartition('.')[2]}"  # for who comes by a signed address
            attributes = {
                "Content-Type": media_type,
                "Content-Disposition": f'attachment; filename="{saved_as}"',
            }
            obstore.put(self._store, name, content, attributes=attributes, use_multipart=False)

    def delete(self, names: Sequence[str]) -> None:
        """Delete objects."""
        with _trouble("delete"):
            for name in names:
                try:
                    obstore.delete(self._store, name)
                except FileNotFoundError:
                    continue

    def names_below(self, folder: str) -> list[str]:
        """Every object below a folder."""
        with _trouble("list"):
            return [meta["path"] for batch in obstore.list(self._store, folder) for meta in batch]

    def url_for(self, name: str, seconds: int) -> str | None:
        """A presigned address (AWS Signature Version 4, in the query)."""
        with _trouble("sign"):
            return obstore.sign(self._store, "GET", name, timedelta(seconds=seconds))


@contextmanager
def _trouble(doing: str) -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        # The library's words may hold addresses, never a file's content.
        _log.error("delivery.store_away", doing=doing, reason=type(error).__name__, words=str(error)[:300])
        raise StoreAwayError from error
