"""The Ed25519 keys that sign an event's tickets: made, loaded, published.

Each event has its own keys, numbered from 1; new tickets are signed with the newest, older ones stay as long
as tickets signed with them. Their private halves are with the keeper that made them (`tickets.ports`), and what
that keeper wants kept is encrypted at rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from tmam.kernel.token import Signer, public_key_of, sign_bytes
from tmam.platform.data_keys import data_keys_for, newest_data_key
from tmam.platform.sealed_columns import SIGNING_KEY
from tmam.platform.statements import Verb, statement
from tmam.tickets.adapters.stored_seed import StoredSeed
from tmam.tickets.errors import NoSigningKeyError, SigningKeysExhaustedError
from tmam.tickets.key_keepers import chosen_keeper, keeper_named
from tmam.tickets.ports import MadeKey

HIGHEST_KEY_ID = 255

_NEWEST_KEY_ID = statement("tmam.tickets", "newest_key_id")
_INSERT_SIGNING_KEY = statement("tmam.tickets", "insert_signing_key")
_SIGNING_KEY = statement("tmam.tickets", "signing_key")
_KEYS_ON_RECORD = statement("tmam.tickets", "keys_on_record")


@dataclass(frozen=True)
class LoadedKey:
    """One event's signing key, ready to sign: `private_key` is its 32-byte seed, or who signs with it.

    It is kept out of `repr` and logs.
    """

    event_id: int
    key_id: int
    public_key: bytes
    private_key: bytes | Signer = field(repr=False)


def make_signing_key(event_id: int, now: datetime, private_key: bytes | None = None) -> Verb[int]:
    """Give an event a new signing key, the newest from now on; returns its id. Two calls at once make two keys.

    `private_key` (32 bytes) is for tests and imports; left out, the keeper that is set makes one.

    Raises:
        SigningKeysExhaustedError: the event has 255 keys already.
        KeyKeeperAwayError: see `ports.KeyKeeper.make`.
    """
    if private_key is None:
        keeper = chosen_keeper()
        made = keeper.make(event_id)
    else:
        keeper, made = StoredSeed(), MadeKey(public_key_of(private_key), private_key)
    data_key = yield from newest_data_key(event_id, now)
    while True:
        ((newest,),) = yield _NEWEST_KEY_ID, (event_id,)
        key_id = (newest or 0) + 1
        if key_id > HIGHEST_KEY_ID:
            raise SigningKeysExhaustedError(event_id)
        stored = SIGNING_KEY.seal(data_key, key_id, made.kept)
        if (yield _INSERT_SIGNING_KEY, (event_id, key_id, made.public_key, stored, now, keeper.name)):
            return key_id
        # Another transaction took this number between the two statements: take the next.


def load_signing_key(event_id: int, key_id: int | None = None) -> Verb[LoadedKey]:
    """One key of an event, ready to sign; the newest if no id is given. Callers keep it for the process's life.

    Raises:
        NoSigningKeyError: the event has no (such) key.
        SealBrokenError: it cannot be opened: changed, or its master key is not known here.
        KeyKeeperAwayError: see `ports.KeyKeeper.open`.
    """
    rows = yield _SIGNING_KEY, (event_id, key_id)
    if not rows:
        raise NoSigningKeyError(event_id)
    ((found_id, public_key, stored, keeper),) = rows
    keys = yield from data_keys_for(event_id, [stored])
    kept = SIGNING_KEY.open(keys, event_id, found_id, bytes(stored))
    private_key = keeper_named(keeper).open(event_id, kept)
    return LoadedKey(event_id, found_id, bytes(public_key), private_key)


def signs_well(key: LoadedKey) -> bool:
    """Whether what the private half signs fits the public half on record.

    Raises:
        KeyKeeperAwayError: its keeper does not answer.
    """
    message = b"tmam: does this key sign?"
    try:
        VerifyKey(key.public_key).verify(message, sign_bytes(message, key.private_key))
    except (BadSignatureError, ValueError):
        return False
    return True


@dataclass(frozen=True)
class KeyOnRecord:
    """The public half of an event's key (32 bytes), since when it signs, and since when it counts as stolen."""

    public_key: bytes
    made_at: datetime
    stolen_at: datetime | None


def keys_on_record(event_id: int) -> Verb[dict[int, KeyOnRecord]]:
    """Every key an event ever had, by key id, the stolen ones marked."""
    rows = yield _KEYS_ON_RECORD, (event_id,)
    return {
        key_id: KeyOnRecord(bytes(public_key), made_at, stolen_at)
        for key_id, public_key, made_at, stolen_at in rows
    }


def public_keys(event_id: int) -> Verb[dict[int, bytes]]:
    """What checks an event's tokens: key id → 32-byte public key, without stolen ones. Empty: no (good) key."""
    keys = yield from keys_on_record(event_id)
    return {key_id: key.public_key for key_id, key in keys.items() if key.stolen_at is None}
