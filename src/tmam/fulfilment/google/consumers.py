"""News that changes passes in Google Wallet: they are marked, and a job tells Google."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils import timezone

from tmam.catalog.models import Event
from tmam.fulfilment.google.jobs import sync_google_job
from tmam.fulfilment.google.rows import mark_passes, replace_pass
from tmam.fulfilment.same_holder import SAME_HOLDER
from tmam.platform.event_log import NO_EVENT, Entry, consumer
from tmam.platform.statements import run_verb

# About one ticket (as is `ticket.replaced`); about one date; about all tickets of an event.
TICKET_NEWS: Final = frozenset({"ticket.cancelled", "ticket.revoked"})
DATE_NEWS: Final = frozenset({"date.changed"})
# What people must hear of, not only see when they look.
WORTH_TELLING: Final = frozenset({"starts_at", "doors_at", "entrance"})
# A stolen key: the secret of the digits that all of its passes show is another one.
EVENT_NEWS: Final = frozenset({"design.changed", "event.changed", "event.key_stolen"})


@consumer("google_wallet")
def mark_changed_passes(entries: Sequence[Entry]) -> None:
    """Consume the log; marking twice changes nothing."""
    # Not the time of the news: a pass that was saved in between may have been made from what was before it.
    now = timezone.now()
    touched: dict[int, list[str]] = {}
    for entry in entries:
        for event_id in _marked(entry, now):
            told = touched.setdefault(event_id, [])
            if entry.name in DATE_NEWS and entry.data["changes"].keys() & WORTH_TELLING:
                told.append(f"{entry.id.hex}:{entry.data['date']}")
    for event_id, told in sorted(touched.items()):
        sync_google_job.defer(event_id=event_id, told=told)


def _marked(entry: Entry, now: datetime) -> list[int]:
    """The events of which passes were marked, or withdrawn, for this news."""
    if entry.name == "ticket.replaced":
        same = entry.data.get("reason") in SAME_HOLDER
        serial, generation = int(entry.data["serial"]), int(entry.data["generation"])
        has = run_verb(replace_pass(entry.event_id, serial, generation, now, has_same_holder=same))
        return [entry.event_id] if has else []
    if entry.name in TICKET_NEWS:
        has = run_verb(mark_passes(entry.event_id, now, serials=[int(entry.data["serial"])]))
        return [entry.event_id] if has else []
    if entry.name in DATE_NEWS:
        has = run_verb(mark_passes(entry.event_id, now, date_ordinal=int(entry.data["date"])))
        return [entry.event_id] if has else []
    if entry.name not in EVENT_NEWS:
        return []
    return [event_id for event_id in _events_of(entry) if run_verb(mark_passes(event_id, now))]


def _events_of(entry: Entry) -> list[int]:
    """One event; an organizer's own design is news of no event, and of all of theirs."""
    if entry.event_id != NO_EVENT:
        return [entry.event_id]
    theirs = Event.objects.filter(organizer_id=entry.data["organizer"])
    return list(theirs.order_by("id").values_list("id", flat=True))
