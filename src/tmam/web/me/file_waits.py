"""What is said while a file waits for a renderer: a page for people, a line of JSON for the button's script.

The page looks again by itself, with or without scripts, and offers what needs no waiting: the ticket is in the booking
all the time, and the light forms are made at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from tmam.delivery.errors import RenderBusyError
from tmam.delivery.render_queue import Place
from tmam.fulfilment.formats import FORMATS
from tmam.fulfilment.kept_files import WHOLE_ORDER, FileKey
from tmam.kernel.errors import TmamError
from tmam.organizers.models import Organizer
from tmam.web.me.form_words import FORM_WORDS, FormWords
from tmam.web.problems import error_response, wants_json

LOOK_AGAIN_AT_LEAST_S, LOOK_AGAIN_AT_MOST_S = 2, 30
MINUTE_S = 60
FAILURE_REST_S = 60


@dataclass(frozen=True)
class LightForm:
    """A form that needs no waiting."""

    words: FormWords
    address: str


def ready_state() -> HttpResponse:
    """The file can be fetched now."""
    return _state({"state": "ready"})


def queue_state(place: Place) -> HttpResponse:
    """It waits: `place` 1 is the next one, 0 is being drawn."""
    seconds = math.ceil(place.estimate_s)
    return _state({"state": "queued", "place": place.place, "estimate_s": seconds}, look_again_s(seconds))


def failed_state(error: TmamError) -> HttpResponse:
    """The queue is full (it has no place yet, and comes again), or the file cannot be made this minute."""
    if isinstance(error, RenderBusyError):
        seconds = error.retry_after_s
        return _state({"state": "queued", "place": None, "estimate_s": seconds}, look_again_s(seconds))
    return _state({"state": "failed", "code": error.code, "estimate_s": FAILURE_REST_S}, FAILURE_REST_S)


def waiting_page(
    request: HttpRequest, reference: str, key: FileKey, place: int | None, estimate_s: float
) -> HttpResponse:
    """Status 503 with `Retry-After`: programs come again by themselves, people read where they stand."""
    seconds = look_again_s(estimate_s)
    if wants_json(request):
        return error_response(request, RenderBusyError(retry_after_s=seconds))
    context = {
        "reference": reference,
        "organizer": organizer_of(key.event_id),
        "light_forms": _light_forms(reference, key),
        "place": place,
        "place_words": place_words(place),
        "time_words": time_words(estimate_s),
        "look_again_s": seconds,
        "file_path": request.path,
        "take_path": request.get_full_path(),
    }
    response = render(request, "me/file_waits.html", context, status=503)
    response.headers["Retry-After"] = str(seconds)
    response.headers["X-Wait-Seconds"] = str(math.ceil(estimate_s))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def look_again_s(estimate_s: float) -> int:
    """When it is worth asking again: when it should be ready, but not so late that the place looks frozen."""
    return max(LOOK_AGAIN_AT_LEAST_S, min(LOOK_AGAIN_AT_MOST_S, math.ceil(estimate_s)))


def place_words(place: int | None) -> str:
    """Where the file stands, in a sentence."""
    if place is None:
        return gettext(
            "A great many people are downloading right now. You will get a place in the queue soon."
        )
    if place == 0:
        return gettext("Your file is being made right now.")
    if place == 1:
        return gettext("Your file is the next one.")
    before = place - 1
    return ngettext(
        "%(count)d file is made before yours.", "%(count)d files are made before yours.", before
    ) % {"count": before}


def time_words(estimate_s: float) -> str:
    """How long it takes, about; never less than a few seconds, since nobody can promise one."""
    if estimate_s < 10:
        return gettext("A few seconds.")
    if estimate_s < MINUTE_S:
        return gettext("About %(count)d seconds.") % {"count": math.ceil(estimate_s / 10) * 10}
    minutes = math.ceil(estimate_s / MINUTE_S)
    return ngettext("About %(count)d minute.", "About %(count)d minutes.", minutes) % {"count": minutes}


def organizer_of(event_id: int) -> Organizer:
    """Whose colour the page wears."""
    return Organizer.objects.get(events__id=event_id)


def _light_forms(reference: str, key: FileKey) -> list[LightForm]:
    """What can be had at once of the same tickets; a calendar entry is no ticket."""
    forms = []
    for form in FORMATS.values():
        words = FORM_WORDS.get(form.name)
        if form.is_heavy or words is None or form.name == "ics":
            continue
        if key.serial != WHOLE_ORDER:
            address = reverse("me_ticket_file", args=[reference, key.serial, form.name])
        elif form.holds_many:
            address = reverse("me_order_file", args=[reference, form.name])
        else:
            continue
        forms.append(LightForm(words, address))
    return forms


def _state(said: dict[str, object], look_again: int | None = None) -> HttpResponse:
    headers = {"Cache-Control": "private, no-store"}
    if look_again is not None:
        headers["Retry-After"] = str(look_again)
    return JsonResponse(said, headers=headers)
