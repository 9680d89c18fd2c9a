"""Which tickets were used, for whoever shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tmam.platform.statements import Verb, statement

_FIND_REDEMPTIONS = statement("tmam.gates", "find_redemptions")


@dataclass(frozen=True)
class TicketUse:
    """One entry: when (aware) and the gate's name, which may be empty."""

    at: datetime
    gate: str


def uses_of(event_id: int, dates: Mapping[int, int]) -> Verb[dict[int, TicketUse]]:
    """By serial, with what entry each of these tickets (serial → the ordinal of its date) was used."""
    if not dates:
        return {}
    rows = yield _FIND_REDEMPTIONS, (event_id, sorted(dates))
    return {
        serial: TicketUse(at, gate or "")
        for serial, date, _scan, _number, gate, at in rows
        if dates.get(serial) == date
    }
