"""Files do not outlive their use: those of events long over, and those of tickets that were replaced or forgotten.

They hold names and codes. An event's files go `file_days` after its last date ended, looked for once a day and for
`LOOK_BACK` afterwards; a file whose tickets are no longer what it shows goes within a day. All of it can be drawn again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max

from tmam.catalog.models import Date
from tmam.delivery.store import FileStore
from tmam.fulfilment.models import KeptFile, Warming
from tmam.platform.statements import Verb, run_verb_retrying, statement

LOOK_BACK = timedelta(days=60)
ROWS_AT_A_TIME = 1_000
FOLDER = "tickets"

_OUTDATED = statement("tmam.fulfilment", "outdated_files")
_FORGET = statement("tmam.fulfilment", "forget_files")
_FORGET_EVENT = statement("tmam.fulfilment", "forget_event_files")


def sweep_files(now: datetime, store: FileStore, days: int) -> int:
    """Delete what nobody should have any more; returns how many files.

    Raises:
        StoreAwayError: the store does not answer; the next sweep goes on.
    """
    ended_before = now - timedelta(days=days)
    last_ends = Date.objects.values("event_id").annotate(last_end=Max("ends_at"))
    over = last_ends.filter(last_end__lte=ended_before, last_end__gt=ended_before - LOOK_BACK)
    deleted = sum(_delete_event(event_id, store) for event_id in over.values_list("event_id", flat=True))
    kept_events = KeptFile.objects.filter(event_id__in=_not_over(ended_before))
    for event_id in kept_events.values_list("event_id", flat=True).distinct().order_by("event_id"):
        deleted += _delete_outdated(event_id, store)
    return deleted


def _not_over(ended_before: datetime) -> list[int]:
    coming = Date.objects.filter(ends_at__gt=ended_before)
    return list(coming.values_list("event_id", flat=True).distinct())


def _delete_event(event_id: int, store: FileStore) -> int:
    names = store.names_below(f"{FOLDER}/{event_id}")
    store.delete(names)
    run_verb_retrying(lambda: _forget_event(event_id))
    Warming.objects.filter(event_id=event_id).delete()
    return len(names)


def _delete_outdated(event_id: int, store: FileStore) -> int:
    """The rows go first: what has no row is handed out to nobody."""
    deleted = 0
    while names := run_verb_retrying(lambda: _forget_outdated(event_id)):
        store.delete(names)
        deleted += len(names)
    return deleted


def _forget_outdated(event_id: int) -> Verb[list[str]]:
    rows = yield _OUTDATED, (event_id, ROWS_AT_A_TIME)
    if not rows:
        return []
    orders, serials, forms, languages, names = (list(column) for column in zip(*rows, strict=True))
    yield _FORGET, (event_id, orders, serials, forms, languages)
    return names


def _forget_event(event_id: int) -> Verb[None]:
    yield _FORGET_EVENT, (event_id,)
