"""What the pages of the sales rules share: who may, in whose name, what was changed last and can be taken back."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Concatenate, Final, ParamSpec, cast
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from tmam.catalog.models import Event
from tmam.inventory.change_sales_rules import Change, Who
from tmam.organizers.permissions import Action
from tmam.platform.errors import MethodNotAllowedError
from tmam.web.every_language import in_every_language
from tmam.web.studio.access import own_event

P = ParamSpec("P")
RulesView = Callable[Concatenate[HttpRequest, Event, P], HttpResponse]
UNDO: Final = "rules_undo"
UNDO_FOR: Final = timedelta(minutes=10)
INVALID: Final = 422


def rules_page(*methods: str) -> Callable[[RulesView[P]], Callable[..., HttpResponse]]:
    """A page about one event's rules, for who may change them; its clock is that of the event's place."""
    allowed = {*methods, "HEAD"} if "GET" in methods else set(methods)

    def decorate(view: RulesView[P]) -> Callable[..., HttpResponse]:
        @never_cache
        @login_required
        @functools.wraps(view)
        def wrapped(request: HttpRequest, event_id: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in allowed:
                raise MethodNotAllowedError
            event, _ = own_event(request, event_id, Action.CHANGE_RULES)
            with timezone.override(ZoneInfo(event.venue.time_zone)):
                return view(request, event, *args, **kwargs)

        return cast("Callable[..., HttpResponse]", wrapped)

    return decorate


def who_changes(request: HttpRequest) -> Who:
    """The person who is signed in, for the log."""
    return Who(f"user:{request.user.pk}", timezone.now(), str(request.META.get("tmam.request_id", "")))


def show(
    request: HttpRequest, event: Event, template: str, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page of the rules."""
    context |= {"event": event, "now": timezone.now(), "last_change": last_change(request, event)}
    return render(request, f"studio/rules/{template}", context, status=status)


def remember(request: HttpRequest, event: Event, changes: Sequence[Change], say: Callable[[], str]) -> None:
    """Keep what was changed, to say so on the next page (in its language) and to take it back from there."""
    if changes:
        at = timezone.now().isoformat()
        said = in_every_language(say)
        request.session[UNDO] = {"event": event.id, "at": at, "changes": list(changes), "said": said}


def last_change(request: HttpRequest, event: Event) -> dict[str, Any] | None:
    """What this person changed last in this event, while it is news."""
    kept: dict[str, Any] | None = request.session.get(UNDO)
    if kept is None or kept["event"] != event.id:
        return None
    return kept if timezone.now() - datetime.fromisoformat(kept["at"]) < UNDO_FOR else None
