"""The secret of each event that live digits are derived from: made when first asked for, kept encrypted, renewed after a theft."""

from __future__ import annotations

import secrets
from datetime import datetime

from tmam.kernel.live_digits import MASTER_BYTES
from tmam.platform.data_keys import data_keys_for, newest_data_key
from tmam.platform.sealed_columns import LIVE_MASTER
from tmam.platform.statements import Verb, statement

_LIVE_MASTER = statement("tmam.tickets", "live_master")
_INSERT_LIVE_MASTER = statement("tmam.tickets", "insert_live_master")

_RENEW_LIVE_MASTER = statement("tmam.tickets", "renew_live_master")


def live_master(event_id: int, now: datetime, fresh: bytes | None = None) -> Verb[bytes]:
    """The 32-byte master of an event; two first calls at once agree on one.

    `fresh` is for tests; left out, the operating system's generator is asked.

    Raises:
        SealBrokenError: it cannot be opened: changed, or its master key is not known here.
    """
    rows = yield _LIVE_MASTER, (event_id,)
    if not rows:
        made = fresh or secrets.token_bytes(MASTER_BYTES)
        data_key = yield from newest_data_key(event_id, now)
        if (yield _INSERT_LIVE_MASTER, (event_id, LIVE_MASTER.seal(data_key, 0, made), now)):
            return made
        rows = yield _LIVE_MASTER, (event_id,)
    ((stored,),) = rows
    return (yield from opened_master(event_id, stored))


def renew_live_master(event_id: int, now: datetime, fresh: bytes | None = None) -> Verb[bool]:
    """Give an event another master: digits by the one before are wrong at once, whoever knows it. False: it has none yet.

    Whoever shows live digits has to be told: passes in Google Wallet hear of it by `event.key_stolen`. `fresh` as above.
    """
    data_key = yield from newest_data_key(event_id, now)
    sealed = LIVE_MASTER.seal(data_key, 0, fresh or secrets.token_bytes(MASTER_BYTES))
    return bool((yield _RENEW_LIVE_MASTER, (event_id, sealed, now)))


def opened_master(event_id: int, stored: bytes) -> Verb[bytes]:
    """A master as the row has it, opened; asks the database only for a data key that this process has not seen.

    Raises:
        SealBrokenError: it cannot be opened: changed, or its master key is not known here.
    """
    keys = yield from data_keys_for(event_id, [stored])
    return LIVE_MASTER.open(keys, event_id, 0, bytes(stored))
