"""News that changes passes in Google Wallet: they are marked, and a job tells Google."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils import timezone

from tmam.fulfilment.google.jobs import sync_google_job
from tmam.fulfilment.google.rows import mark_passes
from tmam.platform.event_log import Entry, consumer
from tmam.platform.statements import run_verb

# About one ticket; about one date; about all tickets of an event.
TICKET_NEWS: Final = frozenset({"ticket.replaced", "ticket.cancelled", "ticket.revoked"})
DATE_NEWS: Final = frozenset({"date.changed"})
# What people must hear of, not only see when they look.
WORTH_TELLING: Final = frozenset({"starts_at", "doors_at", "entrance"})
EVENT_NEWS: Final = frozenset({"design.changed", "event.changed"})


@consumer("google_wallet")
def mark_changed_passes(entries: Sequence[Entry]) -> None:
    """Consume the log; marking twice changes nothing."""
    # Not the time of the news: a pass that was saved in between may have been made from what was before it.
    now = timezone.now()
    touched: dict[int, list[str]] = {}
    for entry in entries:
        if entry.event_id and _marks(entry, now):
            told = touched.setdefault(entry.event_id, [])
            if entry.name in DATE_NEWS and entry.data["changes"].keys() & WORTH_TELLING:
                told.append(f"{entry.id.hex}:{entry.data['date']}")
    for event_id, told in sorted(touched.items()):
        sync_google_job.defer(event_id=event_id, told=told)


def _marks(entry: Entry, now: datetime) -> bool:
    if entry.name in TICKET_NEWS:
        return run_verb(mark_passes(entry.event_id, now, serials=[int(entry.data["serial"])]))
    if entry.name in DATE_NEWS:
        return run_verb(mark_passes(entry.event_id, now, date_ordinal=int(entry.data["date"])))
    return entry.name in EVENT_NEWS and run_verb(mark_passes(entry.event_id, now))
