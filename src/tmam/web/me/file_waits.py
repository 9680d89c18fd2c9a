"""What is said while a file waits for a renderer: a page for people, a line of JSON for the button's script.

The page looks again by itself, with or without scripts, and offers what needs no waiting: the ticket is in the booking
all the time, and the light forms are made at once.

In a rush this is what is said most, so the page of an event is drawn once for everybody, with marks where one wait differs
from another. There is nothing personal in it but the address it was asked at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from html import escape
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, gettext, ngettext

from tmam.delivery.errors import RenderBusyError
from tmam.delivery.render_queue import Place
from tmam.fulfilment.formats import FORMATS
from tmam.fulfilment.kept_files import WHOLE_ORDER
from tmam.kernel.errors import TmamError
from tmam.orders.models import Order
from tmam.organizers.models import Organizer
from tmam.platform.brief_cache import BriefCache
from tmam.web.me.access import may_fetch, may_see
from tmam.web.me.form_words import FORM_WORDS, FormWords
from tmam.web.problems import error_response, wants_json

LOOK_AGAIN_AT_LEAST_S, LOOK_AGAIN_AT_MOST_S = 2, 30
MINUTE_S = 60
FAILURE_REST_S = 60
# What stands in the drawn page for what differs. No text of ours has these.
_REFERENCE: Final = "0-MARKED"
_SERIAL: Final = 987_654_321_987_654_321
_FILE: Final = "mark-of-file"
_TAKE: Final = "mark-of-taking"
_PLACE: Final = "mark-of-place"
_TIME: Final = "mark-of-time"
_KEEP: Final = "mark-of-keeping"
_LOOK: Final = "mark-of-look"


@dataclass(frozen=True)
class Wait:
    """Where somebody stands: `place` 1 is the next file, 0 is being drawn, None: the queue has no place yet."""

    place: int | None
    estimate_s: float

    @property
    def seconds(self) -> int:
        """What is promised: whole seconds, rounded up."""
        return math.ceil(self.estimate_s)

    @property
    def look_again_s(self) -> int:
        """When it is worth asking again."""
        return look_again_s(self.estimate_s)

    @property
    def state(self) -> dict[str, object]:
        """For the button's script."""
        return {"state": "queued", "place": self.place, "estimate_s": self.seconds}


@dataclass(frozen=True)
class WaitingFile:
    """Which file waits, as its address names it."""

    path: str
    event_id: int
    reference: str
    serial: int
    query: str = ""
    # Who was handed this one file only may see the order nowhere else, and has these light forms of it.
    sees_order: bool = True
    forms: tuple[str, ...] = ()

    @property
    def full_path(self) -> str:
        """With what else was said in the address."""
        return f"{self.path}?{self.query}" if self.query else self.path


@dataclass(frozen=True)
class LightForm:
    """A form that needs no waiting."""

    name: str
    words: FormWords
    address: str


def ready_state() -> HttpResponse:
    """The file can be fetched now."""
    return _state({"state": "ready"})


def queue_state(wait: Wait) -> HttpResponse:
    """It waits."""
    return _state(wait.state, wait.look_again_s)


def failed_state(error: TmamError) -> HttpResponse:
    """The queue is full (it has no place yet, and comes again), or the file cannot be made this minute."""
    if isinstance(error, RenderBusyError):
        return queue_state(Wait(None, error.retry_after_s))
    return _state({"state": "failed", "code": error.code, "estimate_s": FAILURE_REST_S}, FAILURE_REST_S)


def wait_at(place: Place) -> Wait:
    """What is said of a place in the queue."""
    return Wait(place.place, place.estimate_s)


def waiting_page(request: HttpRequest, order: Order, file: WaitingFile, wait: Wait) -> HttpResponse:
    """Status 503 with `Retry-After`: programs come again by themselves, people read where they stand.

    Who was handed this one file only is shown no way to the booking, and of the light forms those they may fetch.
    """
    if wants_json(request):
        return error_response(request, RenderBusyError(retry_after_s=wait.look_again_s))
    if not may_see(request, order):
        forms = tuple(name for name in FORMATS if may_fetch(request, order, file.serial, name))
        file = replace(file, sees_order=False, forms=forms)
    page = waiting_html(file, wait, get_language() or "en")
    return HttpResponse(page, status=503, headers=waiting_headers(wait))


def waiting_headers(wait: Wait) -> dict[str, str]:
    """What is said beside the page."""
    return {
        "Retry-After": str(wait.look_again_s),
        "X-Wait-Seconds": str(wait.seconds),
        "Cache-Control": "private, no-store",
        "Content-Type": "text/html; charset=utf-8",
    }


def waiting_html(file: WaitingFile, wait: Wait, language: str) -> bytes:
    """The page, in a language of ours."""
    is_ticket = file.serial != WHOLE_ORDER
    known_by = (language, file.event_id, is_ticket, file.sees_order, file.forms)
    page = _pages.get_or(known_by, lambda: _drawn(file, language))
    with translation.override(language):
        words = {
            _PLACE: place_words(wait.place),
            _TIME: time_words(wait.estimate_s),
            _KEEP: keep_words(wait.place),
        }
    differs = words | {
        _FILE: file.path,
        _TAKE: file.full_path,
        _LOOK: str(wait.look_again_s),
        _REFERENCE: file.reference,
        str(_SERIAL): str(file.serial),
    }
    for mark, text in differs.items():
        page = page.replace(mark, escape(text))
    return page.encode()


# Each has about 10 kB.
_pages: BriefCache[tuple[str, int, bool, bool, tuple[str, ...]], str] = BriefCache(kept_s=10.0, most=500)


def _drawn(file: WaitingFile, language: str) -> str:
    request = HttpRequest()
    request.path = "/me/"
    with translation.override(language):
        context = {
            "reference": _REFERENCE,
            "organizer": organizer_of(file.event_id),
            "sees_order": file.sees_order,
            "light_forms": [
                form
                for form in _light_forms(is_ticket=file.serial != WHOLE_ORDER)
                if file.sees_order or form.name in file.forms
            ],
            "keep_words": _KEEP,
            "place_words": _PLACE,
            "time_words": _TIME,
            "look_again_s": _LOOK,
            "file_path": _FILE,
            "take_path": _TAKE,
            # By address, as on public pages: the usual form has a token of one visitor in it.
            "other_languages": [
                (code, capfirst(get_language_info(code)["name_local"]), f"{_FILE}?language={code}")
                for code, _ in settings.LANGUAGES
                if code != language
            ],
        }
        return render_to_string("me/file_waits.html", context, request)


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


def keep_words(place: int | None) -> str:
    """What becomes of the place when the page is closed."""
    if place is None:
        return gettext("Keep this page open until you have a place. Coming back later gives the same ticket.")
    return gettext("You may close it: your place is kept, and coming back gives the same ticket.")


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


def _light_forms(*, is_ticket: bool) -> list[LightForm]:
    """What can be had at once of the same tickets; a calendar entry is no ticket."""
    forms = []
    for form in FORMATS.values():
        words = FORM_WORDS.get(form.name)
        if form.is_heavy or words is None or form.name == "ics":
            continue
        if is_ticket:
            address = reverse("me_ticket_file", args=[_REFERENCE, _SERIAL, form.name])
        elif form.holds_many:
            address = reverse("me_order_file", args=[_REFERENCE, form.name])
        else:
            continue
        forms.append(LightForm(form.name, words, address))
    return forms


def _state(said: dict[str, object], look_again: int | None = None) -> HttpResponse:
    headers = {"Cache-Control": "private, no-store"}
    if look_again is not None:
        headers["Retry-After"] = str(look_again)
    return JsonResponse(said, headers=headers)
