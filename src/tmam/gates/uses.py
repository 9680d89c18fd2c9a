"""Which tickets were used, for whoever shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tmam.platform.statements import Verb, statement

_FIND_USES = statement("tmam.gates", "find_uses")


@dataclass(frozen=True)
class TicketUse:
    """One entry: when (aware) and the gate's name, which may be empty."""

    at: datetime
    gate: str


def uses_of(event_id: int, serials: Sequence[int]) -> Verb[dict[int, TicketUse]]:
    """By serial, the entry of each of these tickets that somebody came in with."""
    rows = (yield _FIND_USES, (event_id, list(serials))) if serials else ()
    return {serial: TicketUse(at, gate or "") for serial, _date, _scan, _number, gate, at in rows}
