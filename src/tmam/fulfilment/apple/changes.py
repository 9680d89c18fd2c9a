"""What changes a pass: reads the event log, remembers the change, and owes the phones a push.

`ticket.replaced` `{serial, generation, reason, is_bound}` · `ticket.cancelled`, `ticket.revoked` `{serial}` ·
`order.cancelled`, `order.refunded` `{order_id}` · `date.changed`, `date.cancelled` `{date}` · `event.changed` ·
`design.changed` `{organizer}`, of one event or of none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Max

from tmam.catalog.models import Event
from tmam.fulfilment.apple.jobs import owe_pushes
from tmam.fulfilment.apple.models import AppleChange, AppleRegistration
from tmam.fulfilment.same_holder import SAME_HOLDER
from tmam.platform.event_log import NO_EVENT, Entry, consumer
from tmam.tickets.models import Ticket


@dataclass
class Touched:
    """A scope that entries of one batch changed, as `AppleChange` keeps it. All of it only grows."""

    position: int
    at: datetime
    generation: int = 0
    held_from: int = 0


Scope = tuple[int, int, int]  # event, date ordinal, ticket serial
Scopes = Callable[[Entry], Sequence[Scope]]


@consumer("apple")
def note_changes(entries: Sequence[Entry]) -> None:
    """Consume the log. Repeating an entry changes nothing: positions, seconds and generations only grow."""
    touched: dict[int, dict[Scope, Touched]] = defaultdict(dict)
    for entry in entries:
        scopes = CHANGES.get(entry.name)
        for scope in scopes(entry) if scopes else ():
            known = touched[scope[0]].setdefault(scope, Touched(entry.position, entry.at))
            known.position, known.at = entry.position, entry.at
            if entry.name == "ticket.replaced":
                known.generation = max(known.generation, int(entry.data["generation"]))
                if entry.data.get("reason") not in SAME_HOLDER:
                    known.held_from = max(known.held_from, int(entry.data["generation"]))
    for event_id, scopes_of in sorted(touched.items()):
        _keep(event_id, scopes_of)
        owe_pushes(event_id)


def _keep(event_id: int, touched: Mapping[Scope, Touched]) -> None:
    known = {
        (event_id, row.date_ordinal, row.serial): row
        for row in AppleChange.objects.filter(
            event_id=event_id, serial__in={serial for _, _, serial in touched}
        )
    }
    newest = AppleChange.objects.filter(event_id=event_id).aggregate(newest=Max("changed_at"))["newest"]
    # The second after it happened: a pass fetched in the same second, just before, must not look as new as this.
    second = max(each.at for each in touched.values()).replace(microsecond=0) + timedelta(seconds=1)
    if newest is not None:
        second = max(second, newest + timedelta(seconds=1))
    AppleChange.objects.bulk_create(
        [
            _row(scope, each, known.get(scope), second)
            for scope, each in sorted(touched.items(), key=lambda item: item[0])
            if scope not in known or known[scope].position < each.position
        ],
        update_conflicts=True,
        unique_fields=["event_id", "date_ordinal", "serial"],
        update_fields=["position", "changed_at", "generation", "held_from"],
    )


def _row(scope: Scope, touched: Touched, known: AppleChange | None, second: datetime) -> AppleChange:
    return AppleChange(
        event_id=scope[0],
        date_ordinal=scope[1],
        serial=scope[2],
        position=touched.position,
        changed_at=second,
        generation=max(touched.generation, known.generation if known else 0),
        held_from=max(touched.held_from, known.held_from if known else 0),
    )


def _ticket(entry: Entry) -> Sequence[Scope]:
    return [(entry.event_id, 0, int(entry.data["serial"]))]


def _tickets_of_order(entry: Entry) -> Sequence[Scope]:
    order = UUID(str(entry.data["order_id"]))
    serials = Ticket.objects.filter(event_id=entry.event_id, order_id=order).values_list("serial", flat=True)
    return [(entry.event_id, 0, serial) for serial in serials]


def _date(entry: Entry) -> Sequence[Scope]:
    return [(entry.event_id, int(entry.data["date"]), 0)]


def _event(entry: Entry) -> Sequence[Scope]:
    """One event; an organizer's own design is news of no event, and of all of theirs that phones hold passes of."""
    if entry.event_id != NO_EVENT:
        return [(entry.event_id, 0, 0)]
    theirs = Event.objects.filter(organizer_id=entry.data["organizer"])
    held = AppleRegistration.objects.filter(event_id__in=theirs.values("id"))
    return [(event_id, 0, 0) for event_id in held.values_list("event_id", flat=True).distinct()]


CHANGES: Final[Mapping[str, Scopes]] = {
    "ticket.replaced": _ticket,
    "ticket.cancelled": _ticket,
    "ticket.revoked": _ticket,
    "order.cancelled": _tickets_of_order,
    "order.refunded": _tickets_of_order,
    "date.changed": _date,
    "date.cancelled": _date,
    "event.changed": _event,
    "design.changed": _event,
}
