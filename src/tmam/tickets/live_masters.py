"""The secret of each event that live digits are derived from: made when first asked for, kept encrypted."""

from __future__ import annotations

import functools
import secrets
from datetime import datetime

from tmam.kernel.live_digits import MASTER_BYTES
from tmam.platform.keys import decrypt, encrypt
from tmam.platform.statements import Verb, statement

_LIVE_MASTER = statement("tmam.tickets", "live_master")
_INSERT_LIVE_MASTER = statement("tmam.tickets", "insert_live_master")


def live_master(event_id: int, now: datetime, fresh: bytes | None = None) -> Verb[bytes]:
    """The 32-byte master of an event; two first calls at once agree on one.

    `fresh` is for tests; left out, the operating system's generator is asked.

    Raises:
        cryptography.fernet.InvalidToken: encrypted under a master key that is not known here.
    """
    rows = yield _LIVE_MASTER, (event_id,)
    if not rows:
        made = fresh or secrets.token_bytes(MASTER_BYTES)
        if (yield _INSERT_LIVE_MASTER, (event_id, encrypt(made), now)):
            return made
        rows = yield _LIVE_MASTER, (event_id,)
    ((stored,),) = rows
    return decrypt(stored)


@functools.lru_cache(maxsize=256)
def opened_master(stored: bytes) -> bytes:
    """A master decrypted, each once in a process: gates ask for it with every batch.

    Raises:
        cryptography.fernet.InvalidToken: encrypted under a master key that is not known here.
    """
    return decrypt(stored)
