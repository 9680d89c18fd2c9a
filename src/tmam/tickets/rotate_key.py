"""A new key signs an event's new tickets, because somebody wanted it so; the log says who and when."""

from __future__ import annotations

from datetime import datetime

from tmam.platform.event_log import Fact, log_facts
from tmam.platform.statements import Verb
from tmam.tickets.signing_keys import make_signing_key


def rotate_key(event_id: int, *, actor: str, now: datetime) -> Verb[int]:
    """Make the key that signs from now on; returns its id. Logs `event.key_rotated` `{key_id}`.

    Raises:
        SigningKeysExhaustedError, KeyKeeperAwayError: see `make_signing_key`.
    """
    key_id = yield from make_signing_key(event_id, now)
    yield from log_facts(event_id, [Fact("event.key_rotated", now, actor, {"key_id": key_id})])
    return key_id
