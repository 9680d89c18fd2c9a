"""What pages that change an event share: who may, and that nothing of it is kept by a cache."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from tmam.catalog.models import Event
from tmam.organizers.permissions import Action
from tmam.platform.errors import MethodNotAllowedError
from tmam.web.studio.access import own_event

P = ParamSpec("P")
EventView = Callable[Concatenate[HttpRequest, Event, P], HttpResponse]
INVALID: Final = 422


def event_page(*methods: str) -> Callable[[EventView[P]], Callable[..., HttpResponse]]:
    """A page about one event, for who may change it."""
    allowed = {*methods, "HEAD"} if "GET" in methods else set(methods)

    def decorate(view: EventView[P]) -> Callable[..., HttpResponse]:
        @never_cache
        @login_required
        @functools.wraps(view)
        def wrapped(request: HttpRequest, event_id: int, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in allowed:
                raise MethodNotAllowedError
            event, _powers = own_event(request, event_id, Action.CHANGE_EVENTS)
            return view(request, event, *args, **kwargs)

        return cast("Callable[..., HttpResponse]", wrapped)

    return decorate
