"""`/me/account/`: what belongs to the person, not to a booking."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.organizers.permissions import Action, organizers_where
from tmam.web.account.sessions.limits_words import signed_in_words


@require_safe
@never_cache
@login_required
def account_page(request: HttpRequest) -> HttpResponse:
    """Addresses, password, this browser, and the way to one's team."""
    workplaces = []
    if organizers_where(request.user, Action.SEE_STUDIO).exists():
        workplaces.append(("/studio/", _("Events and sales")))
    if organizers_where(request.user, Action.SCAN).exists():
        workplaces.append(("/gate/", _("Scan tickets at the gate")))
    return render(
        request, "me/account.html", {"workplaces": workplaces, "signed_in_words": signed_in_words(request)}
    )
