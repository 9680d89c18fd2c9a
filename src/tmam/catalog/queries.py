"""Reads for the pages of one event."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min, Q

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


def next_dates(organizer_id: int, moment: datetime, limit: int) -> list[Date]:
    """Of each event of an organizer that is on sale or comes soon: its first date that ends after a moment, with event and venue.

    The earliest first; cancelled dates are passed over.
    """
    shown = (
        Event.objects.filter(organizer_id=organizer_id, status__in=[EventStatus.ON_SALE, EventStatus.SOON])
        .annotate(
            next_at=Min("dates__starts_at", filter=Q(dates__ends_at__gt=moment, dates__is_cancelled=False))
        )
        .filter(next_at__isnull=False)
        .order_by("next_at", "id")[:limit]
    )
    dates = (
        Date.objects.filter(
            ends_at__gt=moment, is_cancelled=False, event_id__in=[event.pk for event in shown]
        )
        .order_by("event_id", "starts_at", "ordinal")
        .distinct("event_id")
        .select_related("event__venue")
    )
    return sorted(dates, key=lambda date: (date.starts_at, date.event_id))


def last_date(event_id: int) -> Date | None:
    """The date of an event that comes last in time."""
    return Date.objects.filter(event_id=event_id).order_by("-starts_at", "-ordinal").first()
