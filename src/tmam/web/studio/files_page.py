"""`/studio/events/{id}/files/`: have the files of all tickets drawn before everybody wants theirs, and see how far it is."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tmam.catalog.models import Event
from tmam.fulfilment.formats import FORMATS
from tmam.fulfilment.kept_files import count_good
from tmam.fulfilment.models import Warming, WarmingState
from tmam.fulfilment.warm_event import DEFAULT_FORMS, ask_to_warm, count_to_warm, stop_warming
from tmam.organizers.permissions import Action
from tmam.platform.statements import read_verb
from tmam.web.jobs import start_warming
from tmam.web.me.form_words import FORM_WORDS
from tmam.web.studio.access import own_event

UNDER_WAY = (WarmingState.WAITING, WarmingState.RUNNING)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show the progress; POST begins (`form` for each form) or stops (`stop`).

    Raises:
        FormNotKnownError: a form that is none.
        NotFoundError, ForbiddenError, SecondFactorRequiredError: see `own_event`.
    """
    event, _ = own_event(request, event_id, Action.CHANGE_EVENTS)
    if request.method != "POST":
        return render(request, "studio/files.html", _context(event))
    now = timezone.now()
    if "stop" in request.POST:
        stop_warming(event.id, now)
    elif not Warming.objects.filter(event_id=event.id, state__in=UNDER_WAY).exists():
        ask_to_warm(event.id, request.POST.getlist("form"), now)
        start_warming(event.id)
    return HttpResponseRedirect(reverse("studio:files", args=[event.id]))


@never_cache
@login_required
@require_safe
def files_progress(request: HttpRequest, event_id: int) -> HttpResponse:
    """What changes on that page while files are drawn; when that ends, the word to load the page anew."""
    event, _ = own_event(request, event_id, Action.CHANGE_EVENTS)
    return render(request, "studio/_files_progress.html", _context(event) | {"is_fragment": True})


def _context(event: Event) -> dict[str, object]:
    warming = Warming.objects.filter(event_id=event.id).first()
    orders, tickets = count_to_warm(event.id)
    is_under_way = warming is not None and warming.state in UNDER_WAY
    ready = warming.files_ready if warming else 0
    if warming is not None and not is_under_way:  # while they are drawn, the page asks too often for counting
        good = read_verb(count_good(event.id, warming.forms))
        # A second run that was stopped has looked at few files; those of the first are there all the same.
        ready = good if warming.state == WarmingState.STOPPED else min(ready, good)
    return {
        "event": event,
        "warming": warming,
        "is_under_way": is_under_way,
        "files_good": ready,
        "outdated": max(0, warming.files_ready - ready) if warming else 0,
        "orders": orders,
        "tickets": tickets,
        "warm_hours": settings.TMAM.warm_hours,
        "forms": [
            (form.name, FORM_WORDS[form.name].title, form.name in DEFAULT_FORMS)
            for form in FORMATS.values()
            if form.is_heavy and form.name in FORM_WORDS
        ],
    }
