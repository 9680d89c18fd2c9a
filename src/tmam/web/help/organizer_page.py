"""`/{language}/o/{slug}/`: who sells, what they have on sale, their terms and imprint."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tmam.catalog.queries import next_dates
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
    dates = next_dates(organizer.pk, timezone.now(), EVENTS_SHOWN)
    return render(request, "pages/organizer.html", {"organizer": organizer, "dates": dates})
