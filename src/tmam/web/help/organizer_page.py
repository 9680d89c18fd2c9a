"""`/{language}/o/{slug}/`: who sells, what they have on sale, their terms and imprint."""

from __future__ import annotations

from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tmam.catalog.models import Event, EventStatus
from tmam.organizers.models import Organizer
from tmam.platform.errors import NotFoundError
from tmam.web.public import public_page

EVENTS_SHOWN = 24


@public_page
def organizer_page(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """An organizer's page.

    Raises:
        NotFoundError: no such organizer.
    """
    del language  # the middleware has read it from the path
    organizer = Organizer.objects.filter(slug=slug).first()
    if organizer is None:
        raise NotFoundError
    events = (
        Event.objects.filter(organizer=organizer, status__in=[EventStatus.ON_SALE, EventStatus.SOON])
        .annotate(next_at=Min("dates__starts_at"))
        .filter(next_at__gt=timezone.now())
        .select_related("venue")
        .order_by("next_at", "id")[:EVENTS_SHOWN]
    )
    return render(request, "pages/organizer.html", {"organizer": organizer, "events": events})
