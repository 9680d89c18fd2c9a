"""Signs of life of background processes, kept in the database where every other process can see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from tmam.platform.models import Heartbeat

BEAT_EVERY_S = 5.0
SILENT_AFTER = timedelta(seconds=30)
WORKER = "worker"


def beat(signs: Mapping[str, datetime]) -> None:
    """Write down when each process (or part of one, `worker.sweep`) was last alive."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(process=process, at=at) for process, at in sorted(signs.items())],
        update_conflicts=True,
        unique_fields=["process"],
        update_fields=["at"],
    )


def is_alive(process: str, now: datetime) -> bool:
    """Whether a process gave a sign of life recently."""
    return Heartbeat.objects.filter(process=process, at__gt=now - SILENT_AFTER).exists()


def signs_of_life() -> dict[str, datetime]:
    """When each process was last alive."""
    return dict(Heartbeat.objects.values_list("process", "at"))
