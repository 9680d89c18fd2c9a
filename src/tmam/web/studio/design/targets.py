"""Whose design a page is about, who may change it, and what of it waits in the session: a draft, an undo."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from tmam.catalog.change_design import Design, Look, logo_of, look_of_event, look_of_organizer
from tmam.catalog.models import Event
from tmam.organizers.models import Organizer
from tmam.organizers.permissions import Action, powers_of
from tmam.platform.errors import MethodNotAllowedError, NotFoundError
from tmam.web.every_language import in_every_language
from tmam.web.studio.access import own_event, person_of

DRAFTS: Final = "design_drafts"
MOST_DRAFTS: Final = 5
UNDO: Final = "design_undo"
UNDO_FOR: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Target:
    """All tickets of an organizer, or those of one event (`event` with venue and organizer)."""

    organizer: Organizer
    event: Event | None = None

    @property
    def key(self) -> str:
        """Its name in the session."""
        return f"event:{self.event.id}" if self.event else f"organizer:{self.organizer.pk}"

    def path(self, page: str = "") -> str:
        """The address of one of its pages: `""`, `-png`, `-pdf`, `-undo`."""
        if self.event:
            return reverse(f"studio:event-design{page}", args=[self.event.id])
        return reverse(f"studio:organizer-design{page}", args=[self.organizer.slug])

    def look(self) -> Look:
        """What counts now."""
        return look_of_event(self.event) if self.event else look_of_organizer(self.organizer)


TargetView = Callable[[HttpRequest, Target], HttpResponse]


def design_page(*methods: str) -> Callable[[TargetView], Callable[..., HttpResponse]]:
    """A page about a design, for who may change the events it is for. Routes give `event_id` or `slug`."""
    allowed = {*methods, "HEAD"} if "GET" in methods else set(methods)

    def decorate(view: TargetView) -> Callable[..., HttpResponse]:
        @never_cache
        @login_required
        @functools.wraps(view)
        def wrapped(request: HttpRequest, event_id: int | None = None, slug: str = "") -> HttpResponse:
            if request.method not in allowed:
                raise MethodNotAllowedError
            return view(request, _target(request, event_id, slug))

        return cast("Callable[..., HttpResponse]", wrapped)

    return decorate


def _target(request: HttpRequest, event_id: int | None, slug: str) -> Target:
    if event_id is not None:
        event, _powers = own_event(request, event_id, Action.CHANGE_EVENTS)
        return Target(event.organizer, event)
    organizer = Organizer.objects.filter(slug=slug).first()
    if organizer is None:
        raise NotFoundError
    powers_of(person_of(request)).require_for(Action.CHANGE_EVENTS, organizer)
    return Target(organizer)


def draft_of(request: HttpRequest, target: Target) -> Design | None:
    """What this person tried out and has not published."""
    kept = request.session.get(DRAFTS, {}).get(target.key)
    if not kept:
        return None
    draft = Design(**kept)
    # A draft may lie longer than its logo is kept.
    if draft.logo and logo_of(target.organizer.pk, draft.logo) is None:
        return replace(draft, logo="")
    return draft


def keep_draft(request: HttpRequest, target: Target, design: Design | None) -> None:
    """Keep a draft, or forget it; the newest few."""
    drafts = {key: value for key, value in request.session.get(DRAFTS, {}).items() if key != target.key}
    if design is not None:
        drafts[target.key] = asdict(design)
    request.session[DRAFTS] = dict(list(drafts.items())[-MOST_DRAFTS:])


def remember(
    request: HttpRequest, target: Target, before: Design | None, revision: int, say: Callable[[], str]
) -> None:
    """Keep what was before, to take the change back from the next page, which says in its language what was done."""
    request.session[UNDO] = {
        "target": target.key,
        "before": asdict(before) if before else None,
        "revision": revision,
        "said": in_every_language(say),
        "at": timezone.now().isoformat(),
    }


def last_change(request: HttpRequest, target: Target) -> dict[str, Any] | None:
    """What this person changed last in this design, while it is news."""
    kept: dict[str, Any] | None = request.session.get(UNDO)
    if kept is None or kept["target"] != target.key:
        return None
    return kept if timezone.now() - datetime.fromisoformat(kept["at"]) < UNDO_FOR else None
