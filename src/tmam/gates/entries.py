"""Reads for whoever watches the doors from afar: who came in lately, and through which gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from tmam.gates.models import Gate, Redemption, Scan
from tmam.gates.rules import Verdict
from tmam.platform.newest import newest


@dataclass(frozen=True)
class GateEntries:
    """One gate of an event: how many it let in, and when last (None: nobody yet)."""

    name: str
    admitted: int
    last_at: datetime | None


def admitted_since(event_ids: Sequence[int], since: datetime) -> int:
    """How many were let in to some events from an instant on."""
    return Scan.objects.filter(event_id__in=event_ids, at__gte=since, verdict=Verdict.ADMIT).count()


def latest_scans(event_ids: Sequence[int], now: datetime, limit: int) -> list[Scan]:
    """The newest attempts at the gates of some events, newest first, whatever the answer."""
    return newest(Scan.objects.filter(event_id__in=event_ids), "at", now=now, limit=limit)


def entries_by_gate(event_id: int) -> list[GateEntries]:
    """Every gate of an event, in order, with those it let in. Reads each redemption once."""
    counted = (
        Redemption.objects.filter(event_id=event_id)
        .values_list("gate_number")
        .annotate(admitted=Count("serial"), last_at=Max("at"))
    )
    by_number = {number: (admitted, last_at) for number, admitted, last_at in counted}
    gates = Gate.objects.filter(event_id=event_id).order_by("number")
    return [GateEntries(gate.name, *by_number.get(gate.number, (0, None))) for gate in gates]


def gate_names(event_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    """The names of the gates of some events, by event and number."""
    gates = Gate.objects.filter(event_id__in=event_ids)
    return {(gate.event_id, gate.number): gate.name for gate in gates}
