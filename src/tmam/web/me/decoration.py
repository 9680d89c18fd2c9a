"""The drawing on a ticket: decoration only, the same for every ticket of an event."""

from __future__ import annotations

from tmam.catalog.models import Event
from tmam.web.posters import poster_svg


def poster_of(event: Event) -> bytes:
    """The event's poster as SVG. `event` comes with its organizer loaded."""
    return poster_svg(event.poster_seed, event.kind, event.slug, event.organizer.accent_hue).encode()
