"""What the operator sees of an event's signing keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tmam.platform.statements import Verb, statement

_KEYS_IN_USE = statement("tmam.tickets", "keys_in_use")


@dataclass(frozen=True)
class KeyInUse:
    """One signing key of an event, and how many valid tickets have their present code by it."""

    key_id: int
    keeper: str
    made_at: datetime
    stolen_at: datetime | None
    tickets: int


def keys_in_use(event_id: int) -> Verb[list[KeyInUse]]:
    """Every signing key of an event, by id."""
    rows = yield _KEYS_IN_USE, (event_id,)
    return [KeyInUse(*row) for row in rows]
