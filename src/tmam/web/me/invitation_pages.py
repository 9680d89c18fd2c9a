"""`/me/invitations/`: being invited into a team, from the link in the mail to the first day at work."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tmam.catalog.models import Event
from tmam.kernel.texts import in_language
from tmam.organizers.errors import AlreadyMemberError, InvitationEndedError
from tmam.organizers.invitation_links import find_invitation, is_open
from tmam.organizers.invite import accept_invitation, proven_addresses
from tmam.organizers.models import Invitation
from tmam.organizers.words import ROLE_HINTS, ROLE_NAMES
from tmam.web.account.start_account import SIGNUP_EMAIL
from tmam.web.account.workplaces import front_door
from tmam.web.me.invitation_session import forget_invitation, keep_invitation, kept_invitation
from tmam.web.studio.access import person_of
from tmam.web.studio.team.rows import name_of
from tmam.web.studio.team.shell import who_changes


@require_safe
@never_cache
def open_invitation(request: HttpRequest) -> HttpResponse:
    """`/me/invitations/open/?t=…`: remember the invitation, then go to an address without a secret in it.

    Raises:
        InvitationEndedError: not a link of ours, or not one that still works.
    """
    invitation = find_invitation(request.GET.get("t", ""))
    if invitation is None or not is_open(invitation, timezone.now()):
        raise InvitationEndedError
    keep_invitation(request, invitation)
    if not request.user.is_authenticated:
        request.session[SIGNUP_EMAIL] = invitation.email
    response = redirect("me_invitation")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation_page(request: HttpRequest) -> HttpResponse:
    """What the invitation is about. Signed in with its address, one joins by POST; else the ways to get there.

    Raises:
        InvitationEndedError: this browser opened no link that still works.
        InvitationForAnotherError: sent, but the address is not this person's.
    """
    invitation = kept_invitation(request)
    if invitation is None or not is_open(invitation, timezone.now()):
        forget_invitation(request)
        raise InvitationEndedError
    if request.method == "POST":
        return _join(request, invitation)
    is_signed_in = request.user.is_authenticated
    context = {
        "invitation": invitation,
        "inviter": name_of(invitation.invited_by),
        "role": ROLE_NAMES[invitation.role],
        "role_hint": ROLE_HINTS[invitation.role],
        "events": _titles(invitation),
        "is_theirs": is_signed_in and invitation.email.lower() in proven_addresses(person_of(request).pk),
    }
    return render(request, "me/invitation.html", context)


@require_POST
def decline_invitation(request: HttpRequest) -> HttpResponse:
    """Put the invitation aside: it stays open, the link in the mail opens it again."""
    forget_invitation(request)
    return redirect("me_tickets")


@login_required
def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    try:
        accept_invitation(invitation, who_changes(request))
    except AlreadyMemberError:
        forget_invitation(request)
        raise
    forget_invitation(request)
    messages.success(
        request, _("You are in the team of %(organizer)s.") % {"organizer": invitation.organizer.name}
    )
    return redirect(front_door(request.user) or "me_account")


def _titles(invitation: Invitation) -> list[str] | None:
    if invitation.all_events:
        return None
    language = get_language() or "en"
    events = Event.objects.filter(organizer_id=invitation.organizer_id, id__in=invitation.event_ids)
    return [in_language(event.title, language) for event in events.order_by("id")]
