"""What the pages of a team share: whose team, who may, a fresh proof before changes, what can be taken back."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Concatenate, Final, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from tmam.organizers.change_team import Given
from tmam.organizers.models import Organizer
from tmam.organizers.permissions import Action, Powers, powers_of
from tmam.organizers.team_log import Who
from tmam.platform.errors import MethodNotAllowedError, NotFoundError
from tmam.web.account.step_up import Purpose, fresh_proof_required
from tmam.web.every_language import in_every_language
from tmam.web.studio.access import person_of

P = ParamSpec("P")
UNDO: Final = "team_undo"
UNDO_FOR: Final = timedelta(minutes=10)
INVALID: Final = 422


@dataclass(frozen=True)
class Team:
    """One organizer's team, as one of its members looks at it."""

    organizer: Organizer
    powers: Powers

    @property
    def roles_to_give(self) -> list[str]:
        """The roles that this person may give and take here; none if they may not change the team."""
        return self.powers.roles_to_give(self.organizer)

    @property
    def path(self) -> str:
        """The address of the team's page."""
        return reverse("studio:team", args=[self.organizer.slug])


TeamView = Callable[Concatenate[HttpRequest, Team, P], HttpResponse]


def team_page(
    *methods: str, action: Action, asks_proof: bool = False
) -> Callable[[TeamView[P]], Callable[..., HttpResponse]]:
    """A page about one team, for who may do that in it; `asks_proof` for those that change something."""
    allowed = {*methods, "HEAD"} if "GET" in methods else set(methods)

    def decorate(view: TeamView[P]) -> Callable[..., HttpResponse]:
        proven = view
        if asks_proof:
            proven = cast("TeamView[P]", fresh_proof_required(purpose=Purpose.CHANGE_TEAM)(view))

        @never_cache
        @login_required
        @functools.wraps(proven)
        def wrapped(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in allowed:
                raise MethodNotAllowedError
            return proven(request, open_team(request, slug, action), *args, **kwargs)

        return cast("Callable[..., HttpResponse]", wrapped)

    return decorate


def open_team(request: HttpRequest, slug: str, action: Action) -> Team:
    """The team of an organizer, for who may do that in it.

    Raises:
        NotFoundError: no such organizer, or this person is not in its team; the two look the same.
        ForbiddenError, SecondFactorRequiredError: their role does not allow it, or only with a second factor.
    """
    organizer = Organizer.objects.filter(slug=slug).first()
    if organizer is None:
        raise NotFoundError
    powers = powers_of(person_of(request))
    powers.require_for(action, organizer)
    return Team(organizer, powers)


def team_path(powers: Powers, chosen: Organizer | None) -> str | None:
    """Where the studio's link to the team leads; None for who may see none."""
    visible = powers.organizers_where(Action.SEE_TEAM)
    if chosen is not None:
        return reverse("studio:team", args=[chosen.slug]) if chosen in visible else None
    if not visible:
        return None
    return reverse("studio:teams") if len(visible) > 1 else reverse("studio:team", args=[visible[0].slug])


def who_changes(request: HttpRequest) -> Who:
    """The person who is signed in, for the log."""
    return Who(person_of(request), timezone.now(), str(request.META.get("tmam.request_id", "")))


def show(request: HttpRequest, team: Team, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Render a page of the team."""
    context |= {
        "team": team,
        "organizer": team.organizer,
        "now": timezone.now(),
        "last_change": last_change(request, team.organizer),
    }
    return render(request, f"studio/team/{template}", context, status=status)


def remember(request: HttpRequest, organizer: Organizer, say: Callable[[], str], **change: Any) -> None:
    """Keep what was changed, to say so on the next page (in its language) and to take it back from there."""
    kept = {name: asdict(value) if isinstance(value, Given) else value for name, value in change.items()}
    at = timezone.now().isoformat()
    said = in_every_language(say)
    request.session[UNDO] = {"organizer": organizer.pk, "at": at, "said": said, **kept}


def last_change(request: HttpRequest, organizer: Organizer) -> dict[str, Any] | None:
    """What this person changed last in this team, while it is news."""
    kept: dict[str, Any] | None = request.session.get(UNDO)
    if kept is None or kept["organizer"] != organizer.pk:
        return None
    return kept if timezone.now() - datetime.fromisoformat(kept["at"]) < UNDO_FOR else None
