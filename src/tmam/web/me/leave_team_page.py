"""`/me/teams/<slug>/leave/`: leaving a team. It cannot be undone by oneself, so the page says what it means first."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tmam.organizers.change_team import leave_team
from tmam.organizers.models import Membership
from tmam.organizers.words import ROLE_NAMES
from tmam.platform.errors import NotFoundError
from tmam.web.studio.access import person_of
from tmam.web.studio.team.shell import who_changes


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave_team_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What leaving means; POST leaves.

    Raises:
        NotFoundError: no such organizer, or this person is not in its team; the two look the same.
        LastOwnerError: nobody else owns it.
    """
    member = (
        Membership.objects.select_related("organizer")
        .filter(organizer__slug=slug, user_id=person_of(request).pk)
        .first()
    )
    if member is None:
        raise NotFoundError
    if request.method != "POST":
        context = {"organizer": member.organizer, "role": ROLE_NAMES[member.role]}
        return render(request, "me/leave_team.html", context)
    leave_team(member.organizer, who_changes(request))
    messages.success(
        request,
        _("You are no longer in the team of %(organizer)s.") % {"organizer": member.organizer.name},
    )
    return redirect("me_account")
