"""Which columns of event tables are encrypted under their event's data keys: the one registry.

Rotation (`platform.rotate_keys`) walks it, `tmam doctor` checks it. A column that belongs in it is declared here and
written with `SealedColumn.seal`, which ties each value to its table, column, event and row: a value that somebody
copies to another row opens nowhere.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tmam.platform.errors import SealBrokenError
from tmam.platform.keys import decrypt

# A sealed value: this byte, the id of its data key, a nonce, then AES-256-GCM's text and tag: 37 bytes more than plain.
MARK: Final = b"\x01"
KEY_ID_BYTES: Final = 8
NONCE_BYTES: Final = 12
DATA_KEY_BYTES: Final = 32
_NONCE_AT: Final = len(MARK) + KEY_ID_BYTES
_TEXT_AT: Final = _NONCE_AT + NONCE_BYTES


@dataclass(frozen=True)
class DataKey:
    """One data key of an event, opened. Its id is random, so no two keys of any database ever share one."""

    event_id: int
    key_id: bytes
    secret: AESGCM = field(repr=False, compare=False)


@dataclass(frozen=True)
class SealedColumn:
    """A `bytea` column of an event table; `row` names the column that tells rows of an event apart, if there are many."""

    table: str
    column: str
    row: str | None = None

    def seal(self, key: DataKey, row: int, plain: bytes) -> bytes:
        """Encrypt the value of one row (0 where an event has one row only)."""
        nonce = os.urandom(NONCE_BYTES)
        text = key.secret.encrypt(nonce, plain, self._place(key.event_id, row))
        return MARK + key.key_id + nonce + text

    def open(self, keys: Mapping[bytes, DataKey], event_id: int, row: int, stored: bytes) -> bytes:
        """The plain value.

        A value that names no data key is refused: it would be tied to no row, so whoever writes to the database could
        put another secret that the master key locks in here and have it shown.

        Raises:
            SealBrokenError: changed, moved here from another row, or sealed under a key that we do not have.
        """
        key = keys.get(key_id_of(stored) or b"")
        if key is None:
            raise SealBrokenError(table=self.table, event_id=event_id, row=row)
        nonce, text = stored[_NONCE_AT:_TEXT_AT], stored[_TEXT_AT:]
        try:
            return key.secret.decrypt(nonce, text, self._place(event_id, row))
        except (InvalidTag, ValueError):
            raise SealBrokenError(table=self.table, event_id=event_id, row=row) from None

    def open_from_before(
        self, keys: Mapping[bytes, DataKey], event_id: int, row: int, stored: bytes
    ) -> bytes:
        """The same, or a value from before there were data keys: for the migration that ended those, nowhere else.

        Raises:
            SealBrokenError: as `open`.
        """
        if key_id_of(stored) is not None:
            return self.open(keys, event_id, row, stored)
        try:
            return decrypt(stored)
        except InvalidToken:
            raise SealBrokenError(table=self.table, event_id=event_id, row=row) from None

    def _place(self, event_id: int, row: int) -> bytes:
        return f"tmam/1|{self.table}|{self.column}|{event_id}|{row}".encode()


def key_id_of(stored: bytes) -> bytes | None:
    """Which data key a stored value needs; None for one from before there were data keys."""
    return stored[len(MARK) : _NONCE_AT] if stored[: len(MARK)] == MARK else None


HOLDER_NAME: Final = SealedColumn("tickets_ticket", "holder_sealed", "serial")
HOLDER_DOCUMENT: Final = SealedColumn("tickets_ticket", "document_encrypted", "serial")
SIGNING_KEY: Final = SealedColumn("tickets_signing_key", "private_key_encrypted", "key_id")
LIVE_MASTER: Final = SealedColumn("tickets_live_master", "master_encrypted")

SEALED_COLUMNS: Final = (HOLDER_NAME, HOLDER_DOCUMENT, SIGNING_KEY, LIVE_MASTER)
