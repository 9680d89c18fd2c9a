"""What the world may know of an event's tickets: its key set and its revocation list, made from the rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from tmam.kernel.key_set import KeySet, PublishedKey, sign_key_set
from tmam.kernel.lifetime import lifetime_from
from tmam.kernel.revocation import pack_content, sign_list
from tmam.kernel.token import Signer
from tmam.platform.statements import Verb, statement
from tmam.tickets.signing_keys import KeyOnRecord, keys_on_record

_LAST_ENDS = statement("tmam.tickets", "last_ends_by_key")
_LOCK_REVOCATION = statement("tmam.tickets", "lock_revocation")
_START_REVOCATION = statement("tmam.tickets", "start_revocation")
_STEP_REVOCATION = statement("tmam.tickets", "step_revocation")
_NOT_GOOD = statement("tmam.tickets", "not_good")
_LAST_SERIAL = statement("tmam.tickets", "last_serial")


@dataclass(frozen=True)
class Revocations:
    """The content of a revocation list as it goes out: see `kernel.revocation`."""

    event_id: int
    version: int
    made_at: datetime
    serials: int
    replaced: int
    content: bytes

    def signed(self, private_key: bytes | Signer, now: datetime) -> bytes:
        """The whole file, good for some hours from now."""
        return sign_list(
            self.event_id,
            self.version,
            self.made_at,
            lifetime_from(now),
            serials=self.serials,
            replaced=self.replaced,
            content=self.content,
            private_key=private_key,
        )


def key_set(event_id: int, now: datetime) -> Verb[KeySet]:
    """The keys of an event as the world may know them for some hours; no keys for an event that never had one.

    Older keys are good until the last ticket they signed ends. Each new and each stolen key raises the revision.
    """
    keys = yield from keys_on_record(event_id)
    ends: dict[int, datetime] = {}
    if len(keys) > 1:
        rows = yield _LAST_ENDS, (event_id,)
        ends = dict(rows)
    newest = max((key_id for key_id, key in keys.items() if key.stolen_at is None), default=0)
    good = [
        PublishedKey(
            key_id, key.public_key, key.made_at, None if key_id == newest else _end(key_id, keys, ends)
        )
        for key_id, key in keys.items()
        if key.stolen_at is None
    ]
    stolen = tuple(key_id for key_id, key in keys.items() if key.stolen_at is not None)
    return KeySet(event_id, len(keys) + len(stolen), lifetime_from(now), tuple(good), stolen)


def key_set_text(published: KeySet, private_key: bytes, delegation: str) -> str:
    """The key set as it goes out."""
    return sign_key_set(published, private_key, delegation)


def revocations(event_id: int, now: datetime) -> Verb[Revocations]:
    """What is no longer good of an event's tickets; a new version if that changed since it was last asked.

    Locks the event's version first, so that an older picture never gets a newer version.
    """
    rows = yield _LOCK_REVOCATION, (event_id,)
    if not rows:
        yield _START_REVOCATION, (event_id, now)
        rows = yield _LOCK_REVOCATION, (event_id,)
    ((version, known_sha256, made_at),) = rows
    ((serials,),) = yield _LAST_SERIAL, (event_id,)
    not_good = yield _NOT_GOOD, (event_id,)
    revoked = [serial for serial, state, _ in not_good if state != "valid"]
    minimums = {serial: generation for serial, _, generation in not_good if generation > 0}
    content = pack_content(serials, revoked, minimums)
    sha256 = hashlib.sha256(serials.to_bytes(4, "big") + content).digest()
    if sha256 != bytes(known_sha256):
        ((version, made_at),) = yield _STEP_REVOCATION, (event_id, sha256, now)
    return Revocations(event_id, version, made_at, serials, len(minimums), content)


def _end(key_id: int, keys: dict[int, KeyOnRecord], ends: dict[int, datetime]) -> datetime:
    """When the last ticket of a key ends; a key that signed none ended when the next one was made."""
    next_key = min((other for other in keys if other > key_id), default=key_id)
    return ends.get(key_id, keys[next_key].made_at)
