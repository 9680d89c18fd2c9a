"""A member of a team: another role, other events, out of the team; and taking that back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tmam.accounts.models import User
from tmam.organizers.change_team import Given, change_member, remove_member, restore_member
from tmam.organizers.errors import RoleTooHighError
from tmam.organizers.models import Membership
from tmam.organizers.permissions import Action
from tmam.organizers.words import ROLE_NAMES
from tmam.platform.errors import NotFoundError
from tmam.web.studio.team.forms import RoleForm, initial_of
from tmam.web.studio.team.rows import name_of
from tmam.web.studio.team.shell import (
    INVALID,
    UNDO,
    Team,
    last_change,
    remember,
    show,
    team_page,
    who_changes,
)


@team_page("GET", "POST", action=Action.CHANGE_TEAM, asks_proof=True)
def change(request: HttpRequest, team: Team, membership_id: int) -> HttpResponse:
    """Role and events of one member.

    Raises:
        NotFoundError: no such member in this team.
        RoleTooHighError: the member's role is not below one's own.
        LastOwnerError: the team would have no owner.
    """
    member = _member(team, membership_id)
    if not team.powers.may_give(member.role, team.organizer):
        raise RoleTooHighError
    given = Given.of(member)
    form = RoleForm(
        request.POST or None,
        initial=initial_of(given),
        organizer=team.organizer,
        roles=team.roles_to_give,
    )
    if request.method != "POST" or not form.is_valid():
        status = INVALID if form.is_bound else 200
        return show(request, team, "member.html", status, form=form, member=member, name=name_of(member.user))
    before = change_member(team.organizer, member.pk, form.given, who_changes(request))
    name, role = name_of(member.user), form.given.role
    if before != form.given:
        remember(
            request,
            team.organizer,
            lambda: _("%(name)s: %(role)s now.") % {"name": name, "role": ROLE_NAMES[role]},
            member=member.pk,
            user=member.user_id,
            before=before,
            after=form.given,
        )
    return redirect(team.path)


@team_page("POST", action=Action.CHANGE_TEAM, asks_proof=True)
def remove(request: HttpRequest, team: Team, membership_id: int) -> HttpResponse:
    """Take a person out of the team.

    Raises:
        NotFoundError: no such member in this team.
        RoleTooHighError, LastOwnerError: as their names say.
    """
    member = _member(team, membership_id)
    user_id, before = remove_member(team.organizer, member.pk, who_changes(request))
    name = name_of(member.user)
    remember(
        request,
        team.organizer,
        lambda: _("%(name)s is no longer in the team.") % {"name": name},
        member=None,
        user=user_id,
        before=before,
    )
    return redirect(team.path)


@team_page("POST", action=Action.CHANGE_TEAM)
def take_back(request: HttpRequest, team: Team) -> HttpResponse:
    """Undo what this person changed last. No new proof: it only restores what a proof had changed minutes ago.

    Raises:
        TeamChangedError: somebody else has changed it since.
    """
    kept = last_change(request, team.organizer)
    if kept is not None:
        del request.session[UNDO]
        before, who = _given(kept["before"]), who_changes(request)
        if kept["member"] is None:
            if User.objects.filter(pk=kept["user"]).exists():
                restore_member(team.organizer, kept["user"], before, who)
        else:
            change_member(team.organizer, kept["member"], before, who, only_from=_given(kept["after"]))
    return redirect(team.path)


def _member(team: Team, membership_id: int) -> Membership:
    member = (
        Membership.objects.select_related("user").filter(organizer=team.organizer, pk=membership_id).first()
    )
    if member is None:
        raise NotFoundError
    return member


def _given(kept: dict[str, Any]) -> Given:
    return Given(kept["role"], all_events=kept["all_events"], event_ids=tuple(kept["event_ids"]))
