"""Whose a pass is, and when it last changed: asked before anything of a ticket is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tmam.fulfilment.apple.models import AppleChange
from tmam.fulfilment.apple.numbers import PassNumber
from tmam.tickets.models import Ticket


@dataclass(frozen=True)
class Change:
    """The last change of what a pass shows: its place in the log, its second."""

    position: int
    changed_at: datetime


def first_generation(ticket: Ticket, changes: Iterable[AppleChange]) -> int:
    """The generation that the ticket's present holder got first: what their pass's number says.

    What the log has not told yet counts as a new holder: the old pass is void for a moment, never the other way.
    """
    for row in changes:
        if row.serial == ticket.serial and row.generation == ticket.generation:
            return row.held_from
    return ticket.generation


def admits(ticket: Ticket) -> bool:
    """Whether a pass can show this ticket's code: it admits somebody, and no device keeps it to itself."""
    return ticket.state == "valid" and ticket.device_key is None


def is_held(number: PassNumber, ticket: Ticket, changes: Iterable[AppleChange]) -> bool:
    """Whether whoever has this pass is still the ticket's holder."""
    return number.generation == first_generation(ticket, changes)


def ticket_changes(event_id: int, serials: Iterable[int]) -> list[AppleChange]:
    """The changes of these tickets themselves, not of their dates."""
    return list(AppleChange.objects.filter(event_id=event_id, serial__in=set(serials), date_ordinal=0))


def last_change(event_id: int, date_ordinal: int, serial: int) -> Change | None:
    """The last change that a pass of this ticket shows, or None."""
    rows = AppleChange.objects.filter(event_id=event_id).filter(
        Q(date_ordinal=0, serial__in=(0, serial)) | Q(date_ordinal=date_ordinal, serial=0)
    )
    found = list(rows.values_list("position", "changed_at"))
    if not found:
        return None
    return Change(max(position for position, _ in found), max(changed for _, changed in found))
