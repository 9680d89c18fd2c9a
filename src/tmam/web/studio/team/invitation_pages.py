"""Inviting people into a team: the form, mailing again, taking back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tmam.organizers.errors import AlreadyInvitedError, AlreadyMemberError
from tmam.organizers.invite import invite, invite_again, revoke_invitation
from tmam.organizers.permissions import Action
from tmam.platform.error_words import words_for
from tmam.web.studio.team.forms import InviteForm
from tmam.web.studio.team.shell import INVALID, Team, show, team_page, who_changes


@team_page("GET", "POST", action=Action.CHANGE_TEAM, asks_proof=True)
def invite_somebody(request: HttpRequest, team: Team) -> HttpResponse:
    """Whom to invite, as what.

    Raises:
        TooManyInvitationsError: the team has its most open invitations.
    """
    form = InviteForm(request.POST or None, organizer=team.organizer, roles=team.roles_to_give)
    if request.method == "POST" and form.is_valid():
        email, language = form.cleaned_data["email"], get_language() or "en"
        try:
            invite(team.organizer, email, form.given, who_changes(request), language)
        except (AlreadyMemberError, AlreadyInvitedError) as error:
            form.add_error("email", words_for(error, language).summary)
        else:
            messages.success(
                request, _("We mailed an invitation to %(email)s. It is good for 7 days.") % {"email": email}
            )
            return redirect(team.path)
    return show(request, team, "invite.html", INVALID if form.is_bound else 200, form=form)


@team_page("POST", action=Action.CHANGE_TEAM, asks_proof=True)
def mail_again(request: HttpRequest, team: Team, invitation_id: int) -> HttpResponse:
    """Mail the invitation once more.

    Raises:
        NotFoundError, RoleTooHighError, InvitationEndedError, TooManyInvitationsError: as their names say.
    """
    invitation = invite_again(team.organizer, invitation_id, who_changes(request))
    messages.success(
        request,
        _("We mailed %(email)s again. The link in the mail before no longer works.")
        % {"email": invitation.email},
    )
    return redirect(team.path)


@team_page("POST", action=Action.CHANGE_TEAM, asks_proof=True)
def revoke(request: HttpRequest, team: Team, invitation_id: int) -> HttpResponse:
    """Take the invitation back.

    Raises:
        NotFoundError, RoleTooHighError, InvitationEndedError: as their names say.
    """
    invitation = revoke_invitation(team.organizer, invitation_id, who_changes(request))
    messages.success(
        request,
        _("The invitation to %(email)s is taken back. Its link no longer works.")
        % {"email": invitation.email},
    )
    return redirect(team.path)
