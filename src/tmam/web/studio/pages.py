"""`/studio/`: what is sold and who comes in, to look at. Each page has a fragment that its script asks for again."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.organizers.permissions import Action
from tmam.web.studio.access import open_studio, own_event
from tmam.web.studio.event_figures import load_event_figures
from tmam.web.studio.overview import load_overview
from tmam.web.studio.team.shell import team_path


@never_cache
@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """`/studio/`: all events of the person's organizers, or of one of them."""
    return _overview(request, "studio/overview.html")


@never_cache
@login_required
@require_safe
def overview_figures(request: HttpRequest) -> HttpResponse:
    """`/studio/figures/`: what changes on the overview."""
    return _overview(request, "studio/_overview_figures.html")


@never_cache
@login_required
@require_safe
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """`/studio/events/{id}/`: one event."""
    return _event(request, event_id, "studio/event.html")


@never_cache
@login_required
@require_safe
def event_figures(request: HttpRequest, event_id: int) -> HttpResponse:
    """`/studio/events/{id}/figures/`: what changes on an event's page."""
    return _event(request, event_id, "studio/_event_figures.html")


def _overview(request: HttpRequest, template: str) -> HttpResponse:
    studio = open_studio(request)
    figures = load_overview(studio.events, studio.powers, timezone.now())
    context = {
        "studio": studio,
        "figures": figures,
        "now": figures.now,
        "team_path": team_path(studio.powers, studio.chosen),
        "designers": [
            each
            for each in studio.organizers
            if studio.chosen in (None, each) and studio.powers.may_for(Action.CHANGE_EVENTS, each)
        ],
    }
    return render(request, template, context)


def _event(request: HttpRequest, event_id: int, template: str) -> HttpResponse:
    shown, powers = own_event(request, event_id)
    figures = load_event_figures(shown, powers, timezone.now())
    context = {
        "figures": figures,
        "event": figures.event,
        "now": figures.now,
        "may_change_rules": powers.may(Action.CHANGE_RULES, shown),
        "may_change_events": powers.may(Action.CHANGE_EVENTS, shown),
    }
    return render(request, template, context)
