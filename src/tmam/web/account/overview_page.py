"""`/me/account/`: what belongs to the person, not to a booking."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.accounts.recovery import open_request
from tmam.web.account.sessions.limits_words import signed_in_words
from tmam.web.account.sso.providers import sso_providers
from tmam.web.account.workplaces import workplaces
from tmam.web.studio.access import person_of


@require_safe
@never_cache
@login_required
def account_page(request: HttpRequest) -> HttpResponse:
    """Addresses, password, this browser, and the way to one's team."""
    context = {
        "workplaces": workplaces(person_of(request)),
        "signed_in_words": signed_in_words(request),
        "has_services": bool(sso_providers()),
        "open_recovery": open_request(cast("int", request.user.pk)),
    }
    return render(request, "me/account.html", context)
