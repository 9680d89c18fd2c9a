"""Compose a calendar entry from the catalogue."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext

from tmam.catalog import when
from tmam.catalog.models import Date, Event
from tmam.delivery.calendar import CalendarEntry
from tmam.delivery.compose_face import venue_address
from tmam.kernel.texts import in_language


def compose_calendar_entry(
    *, event: Event, date: Date, booking_reference: str, language: str, host: str, url: str
) -> CalendarEntry:
    """The entry of one date of a booking, in the reader's language; `url` is where the booking is shown.

    `event` comes with its venue and organizer loaded; `host` (the site's name) makes the UID unique in the world.
    A changed date has a higher sequence, so calendars change their entry instead of adding one.
    """
    stretch = date.stretch
    venue = event.venue if stretch is None else stretch.origin
    with translation.override(language):
        title = in_language(event.title, language) if stretch is None else f"{stretch} ({stretch.code})"
        lines = [
            gettext("Booking reference: %(reference)s") % {"reference": booking_reference},
            gettext("Your tickets: %(url)s") % {"url": url},
        ]
        if entrance := in_language(date.entrance, language):
            lines.insert(0, gettext("Entrance: %(entrance)s") % {"entrance": entrance})
        if when.is_span(date):
            lines[:0] = _span_lines(date)
        reminder = gettext("Tomorrow: %(event)s. Have your tickets ready.") % {"event": title}
    return CalendarEntry(
        uid=f"{booking_reference}.{date.ordinal}{_stretch_mark(date)}@{host}",
        title=title,
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        time_zone=date.time_zone,
        location=", ".join(part for part in (venue.name, venue_address(venue)) if part),
        description="\n".join(lines),
        reminder=reminder,
        organizer_name=event.organizer.name,
        organizer_email=event.organizer.email,
        url=url,
        latitude=venue.latitude,
        longitude=venue.longitude,
        sequence=date.revision,
        is_cancelled=date.is_cancelled,
        days=when.first_and_last_day(date) if when.is_span(date) else None,
    )


def _span_lines(date: Date) -> list[str]:
    """What whole days in a calendar do not tell: when it opens first and closes last."""
    times = {"starts": when.start_words(date), "ends": when.end_words(date), "zone": when.zone_words(date)}
    return [gettext("From %(starts)s to %(ends)s %(zone)s") % times, when.opening_words(date)]


def _stretch_mark(date: Date) -> str:
    """What tells two stretches of one trip in one booking apart."""
    return "" if date.stretch is None else f".{date.stretch.origin.pk}-{date.stretch.destination.pk}"
