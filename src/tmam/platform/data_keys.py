"""The data keys of each event: made when first needed, locked by the master key, kept open in the process.

A data key is a row of `platform_data_key`: its 256 random bits wrapped by the master key. The newest seals, all of
them open. Opened keys are remembered by their random ids, so what a rolled-back transaction made can never be
mistaken for what the database has.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tmam.platform.errors import SealBrokenError
from tmam.platform.keys import wrapper
from tmam.platform.sealed_columns import DATA_KEY_BYTES, KEY_ID_BYTES, DataKey, key_id_of
from tmam.platform.statements import Verb, statement

# About 500 bytes each.
MOST_OPEN_KEYS: Final = 10_000

_NEWEST_DATA_KEY = statement("tmam.platform", "newest_data_key")
_INSERT_DATA_KEY = statement("tmam.platform", "insert_data_key")
_DATA_KEYS = statement("tmam.platform", "data_keys")

_open_keys: OrderedDict[tuple[int, bytes], DataKey] = OrderedDict()


def newest_data_key(event_id: int, now: datetime) -> Verb[DataKey]:
    """The key that seals this event's values; made if it has none. Two first calls at once agree on one.

    Raises:
        SealBrokenError: it is locked under a master key that is not known here.
    """
    while True:
        rows = yield _NEWEST_DATA_KEY, (event_id,)
        if rows:
            ((_version, key_id, wrapped),) = rows
            return opened_key(event_id, key_id, wrapped)
        made = yield from add_data_key(event_id, 1, now)
        if made is not None:
            return made


def add_data_key(event_id: int, version: int, now: datetime) -> Verb[DataKey | None]:
    """Give an event a key with this number, the newest from now on; None when it has one of that number already."""
    key_id, secret = os.urandom(KEY_ID_BYTES), os.urandom(DATA_KEY_BYTES)
    wrapped = wrapper().wrap(secret)
    rows = yield _INSERT_DATA_KEY, (event_id, version, key_id, wrapped, now)
    return opened_key(event_id, key_id, wrapped) if rows else None


def data_keys_for(event_id: int, stored: Iterable[bytes | memoryview | None]) -> Verb[dict[bytes, DataKey]]:
    """The keys that these stored values of an event need, by id. Asks the database only for keys not open yet.

    A key that is not there or cannot be opened is left out: `SealedColumn.open` says so of the value.
    """
    wanted = {key_id_of(bytes(value)) for value in stored if value is not None} - {None}
    keys: dict[bytes, DataKey] = {}
    unknown: list[bytes] = []
    for key_id in wanted:
        known = _open_keys.get((event_id, key_id)) if key_id else None
        if known is not None:
            keys[known.key_id] = known
        elif key_id:
            unknown.append(key_id)
    if unknown:
        rows = yield _DATA_KEYS, (event_id, sorted(unknown))
        for key_id, wrapped in rows:
            try:
                keys[bytes(key_id)] = opened_key(event_id, key_id, wrapped)
            except SealBrokenError:
                continue
    return keys


def opened_key(event_id: int, key_id: bytes, wrapped: bytes) -> DataKey:
    """A row of `platform_data_key`, opened.

    Raises:
        SealBrokenError: locked under a master key that is not known here.
    """
    name = event_id, bytes(key_id)
    known = _open_keys.get(name)
    if known is None:
        try:
            secret = wrapper().unwrap(bytes(wrapped))
        except InvalidToken:
            raise SealBrokenError(table="platform_data_key", event_id=event_id) from None
        known = _open_keys[name] = DataKey(event_id, name[1], AESGCM(secret))
        while len(_open_keys) > MOST_OPEN_KEYS:
            _open_keys.popitem(last=False)
    return known


def open_data_key(event_id: int, key_id: bytes) -> DataKey | None:
    """A key that this process has opened already."""
    return _open_keys.get((event_id, key_id))


def forget_open_keys() -> None:
    """Forget every opened key, as a process that starts."""
    _open_keys.clear()
