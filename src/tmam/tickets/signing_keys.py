"""The Ed25519 keys that sign an event's tickets: made, loaded, published.

Each event has its own keys, numbered from 1; new tickets are signed with the newest, older ones stay as long
as tickets signed with them. Private halves are encrypted at rest.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from tmam.kernel.token import public_key_of
from tmam.platform.data_keys import data_keys_for, newest_data_key
from tmam.platform.sealed_columns import SIGNING_KEY
from tmam.platform.statements import Verb, statement
from tmam.tickets.errors import NoSigningKeyError, SigningKeysExhaustedError

HIGHEST_KEY_ID = 255
PRIVATE_KEY_BYTES = 32

_NEWEST_KEY_ID = statement("tmam.tickets", "newest_key_id")
_INSERT_SIGNING_KEY = statement("tmam.tickets", "insert_signing_key")
_SIGNING_KEY = statement("tmam.tickets", "signing_key")
_PUBLIC_KEYS = statement("tmam.tickets", "public_keys")


@dataclass(frozen=True)
class LoadedKey:
    """One event's signing key, decrypted: `private_key` is the 32-byte seed, kept out of `repr` and logs."""

    event_id: int
    key_id: int
    public_key: bytes
    private_key: bytes = field(repr=False)


def make_signing_key(event_id: int, now: datetime, private_key: bytes | None = None) -> Verb[None]:
    """Give an event a new signing key, the newest from now on. Two calls at once make two keys.

    `private_key` (32 bytes) is for tests and imports; left out, the operating system's generator is asked.

    Raises:
        SigningKeysExhaustedError: the event has 255 keys already.
    """
    seed = secrets.token_bytes(PRIVATE_KEY_BYTES) if private_key is None else private_key
    public_key = public_key_of(seed)
    data_key = yield from newest_data_key(event_id, now)
    while True:
        ((newest,),) = yield _NEWEST_KEY_ID, (event_id,)
        key_id = (newest or 0) + 1
        if key_id > HIGHEST_KEY_ID:
            raise SigningKeysExhaustedError(event_id)
        stored = SIGNING_KEY.seal(data_key, key_id, seed)
        if (yield _INSERT_SIGNING_KEY, (event_id, key_id, public_key, stored, now)):
            return
        # Another transaction took this number between the two statements: take the next.


def load_signing_key(event_id: int, key_id: int | None = None) -> Verb[LoadedKey]:
    """One key of an event, decrypted; the newest if no id is given. Callers keep it for the process's life.

    Raises:
        NoSigningKeyError: the event has no (such) key.
        SealBrokenError: it cannot be opened: changed, or its master key is not known here.
    """
    rows = yield _SIGNING_KEY, (event_id, key_id)
    if not rows:
        raise NoSigningKeyError(event_id)
    ((found_id, public_key, stored),) = rows
    keys = yield from data_keys_for(event_id, [stored])
    return LoadedKey(
        event_id, found_id, bytes(public_key), SIGNING_KEY.open(keys, event_id, found_id, bytes(stored))
    )


def public_keys(event_id: int) -> Verb[dict[int, bytes]]:
    """What checks an event's tokens: key id → 32-byte public key. Empty for an event without keys."""
    rows = yield _PUBLIC_KEYS, (event_id,)
    return {key_id: bytes(public_key) for key_id, public_key in rows}
