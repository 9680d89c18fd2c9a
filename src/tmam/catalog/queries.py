"""Reads for the pages of one event."""

from __future__ import annotations

from datetime import datetime

from tmam.catalog.models import Date, Event, EventStatus
from tmam.kernel.ids import LARGEST_EVENT_ID


def public_event(event_id: int) -> Event | None:
    """An event that anybody may see, with its venue, organizer and ticket types in order; drafts are none."""
    if not 0 < event_id <= LARGEST_EVENT_ID:
        return None
    events = Event.objects.exclude(status=EventStatus.DRAFT).select_related("venue", "organizer")
    return events.filter(pk=event_id).first()


def date_of(event_id: int, ordinal: int) -> Date | None:
    """One date of an event, past or cancelled ones too."""
    return Date.objects.filter(event_id=event_id, ordinal=ordinal).first()


def dates_from(event_id: int, moment: datetime, limit: int) -> list[Date]:
    """The dates of an event that end after a moment, in order of time."""
    return list(
        Date.objects.filter(event_id=event_id, ends_at__gt=moment).order_by("starts_at", "ordinal")[:limit]
    )


def last_date(event_id: int) -> Date | None:
    """The date of an event that comes last in time."""
    return Date.objects.filter(event_id=event_id).order_by("-starts_at", "-ordinal").first()
