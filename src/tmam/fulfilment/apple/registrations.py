"""Phones that hold passes: one more, one less, and what one of them should fetch.

Registering is cheap and may be repeated: phones do, some with a new name each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from tmam.catalog.models import Date
from tmam.fulfilment.apple.held import last_change
from tmam.fulfilment.apple.jobs import owe_pushes
from tmam.fulfilment.apple.models import AppleChange, AppleRegistration
from tmam.fulfilment.apple.numbers import PassNumber
from tmam.tickets.models import Ticket

# A pass may be on all devices of a family. Beyond that a new name takes the place of the newest: whoever has the file
# and registers names without end must not push out the holder's phone, fast or slowly.
MOST_DEVICES_OF_A_PASS: Final = 40
MOST_PASSES_LISTED: Final = 500
# A change so short before a registration may have missed the pass on its way to the phone.
_ON_ITS_WAY: Final = timedelta(hours=1)
KEPT_AFTER_THE_END: Final = timedelta(days=30)
FORGOTTEN_AT_A_TIME: Final = 1_000


@dataclass(frozen=True)
class Listed:
    """The numbers of passes that changed, and the tag to ask with next time."""

    numbers: Sequence[str]
    tag: str


def register(
    *, device: str, number: str, of: PassNumber, ticket: Ticket, push_token: str, now: datetime
) -> bool:
    """Remember that a phone holds a pass; true when that is news."""
    known = AppleRegistration.objects.filter(device=device, number=number).first()
    if known is not None and known.push_token == push_token:
        return False
    date = Date.objects.get(event_id=of.event_id, ordinal=ticket.date_ordinal)
    change = last_change(of.event_id, ticket.date_ordinal, of.serial)
    is_late = change is not None and change.changed_at > now - _ON_ITS_WAY
    with transaction.atomic():
        told = {
            "push_token": push_token,
            "event_id": of.event_id,
            "date_ordinal": ticket.date_ordinal,
            "serial": of.serial,
            "told": 0 if change is None or is_late else change.position,
            "forget_at": date.ends_at + KEPT_AFTER_THE_END,
        }
        # A phone keeps its place when only its push token is new.
        row, is_new = AppleRegistration.objects.update_or_create(
            device=device, number=number, defaults=told, create_defaults={**told, "registered_at": now}
        )
        if is_new:
            _make_room(row)
        if is_late:
            owe_pushes(of.event_id)
    return known is None


def _make_room(newcomer: AppleRegistration) -> None:
    """Forget the newest of a pass's other phones if there are too many with this one."""
    others = AppleRegistration.objects.filter(number=newcomer.number).exclude(pk=newcomer.pk)
    in_place = others.order_by("registered_at", "id").values_list("id", flat=True)
    surplus = list(in_place[MOST_DEVICES_OF_A_PASS - 1 :])
    if surplus:
        AppleRegistration.objects.filter(id__in=surplus).delete()


def unregister(*, device: str, number: str) -> None:
    """Forget that a phone holds a pass; doing it twice is fine."""
    AppleRegistration.objects.filter(device=device, number=number).delete()


def changed_passes(*, device: str, since: str) -> Listed | None:
    """The passes of a phone that changed after the tag `since`; all of them without a tag that is ours.

    None: nothing changed, or we know nothing of that phone.
    """
    rows = list(
        AppleRegistration.objects.filter(device=device)
        .order_by("-registered_at")
        .values_list("number", "event_id", "date_ordinal", "serial")[:MOST_PASSES_LISTED]
    )
    positions = _positions({(event, date, serial) for _, event, date, serial in rows})
    is_tag = since.isascii() and since.isdigit() and len(since) < 19  # what a bigint holds
    after = int(since) if is_tag else -1
    listed = {
        number: positions.get((event, date, serial), 0)
        for number, event, date, serial in rows
        if positions.get((event, date, serial), 0) > after
    }
    if not listed:
        return None
    return Listed(sorted(listed), str(max(listed.values())))


def forget_old_registrations(now: datetime) -> int:
    """Delete registrations of passes whose date is long over; returns how many."""
    old = AppleRegistration.objects.filter(forget_at__lt=now).values_list("id", flat=True)
    ids = list(old[:FORGOTTEN_AT_A_TIME])
    return AppleRegistration.objects.filter(id__in=ids).delete()[0] if ids else 0


def _positions(tickets: set[tuple[int, int, int]]) -> dict[tuple[int, int, int], int]:
    """The log position of the last change of each (event, date, ticket) that ever changed."""
    rows = AppleChange.objects.filter(event_id__in={event for event, _, _ in tickets}).filter(
        Q(serial=0) | Q(serial__in={serial for _, _, serial in tickets})
    )
    known = {
        (event, date, serial): position
        for event, date, serial, position in rows.values_list(
            "event_id", "date_ordinal", "serial", "position"
        )
    }
    return {
        (event, date, serial): newest
        for event, date, serial in tickets
        if (
            newest := max(
                known.get((event, 0, 0), 0), known.get((event, date, 0), 0), known.get((event, 0, serial), 0)
            )
        )
    }
