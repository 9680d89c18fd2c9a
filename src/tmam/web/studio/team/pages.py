"""`/studio/team/`: who is in the team, who is invited, what is asked of them, what changed lately."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.accounts.factors import has_second_factor
from tmam.organizers.permissions import Action, powers_of
from tmam.organizers.require_second_factor import require_second_factor
from tmam.web.studio.access import person_of
from tmam.web.studio.team.rows import history, invitation_rows, member_rows
from tmam.web.studio.team.shell import Team, show, team_page, who_changes


@never_cache
@login_required
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """`/studio/team/`: the teams this person may see; the only one at once.

    Raises:
        ForbiddenError, SecondFactorRequiredError: they may see none.
    """
    powers = powers_of(person_of(request))
    powers.require_any(Action.SEE_TEAM)
    found = powers.organizers_where(Action.SEE_TEAM)
    if len(found) == 1:
        return redirect("studio:team", slug=found[0].slug)
    return render(request, "studio/team/teams.html", {"teams": found})


@team_page("GET", action=Action.SEE_TEAM)
def team(request: HttpRequest, team: Team) -> HttpResponse:
    """One team."""
    person = person_of(request)
    return show(
        request,
        team,
        "team.html",
        members=member_rows(team, person),
        invitations=invitation_rows(team, timezone.now()),
        entries=history(team.organizer),
        may_invite=bool(team.roles_to_give),
        may_require=team.powers.may_for(Action.CHANGE_ORGANIZER, team.organizer),
        has_factor=has_second_factor(person.pk),
    )


@team_page("POST", action=Action.CHANGE_ORGANIZER, asks_proof=True)
def second_factor(request: HttpRequest, team: Team) -> HttpResponse:
    """POST `required`=yes|no: ask everybody in the team for a second factor, or no longer.

    Raises:
        SecondFactorRequiredError: who asks has none.
    """
    is_required = request.POST.get("required") == "yes"
    if require_second_factor(team.organizer, who_changes(request), is_required=is_required):
        messages.success(
            request,
            _("Everybody in this team now needs a second factor. We mailed all of them.")
            if is_required
            else _("A second factor is no longer required in this team."),
        )
    return redirect(team.path)
