"""A team's own sign-in service lets its people into the team."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from tmam.accounts.models import User
from tmam.organizers.join_by_service import join_by_service
from tmam.organizers.team_log import Who
from tmam.web.account.sso.providers import provider_named


def join_team(request: HttpRequest, user: User, sociallogin: Any | None) -> None:
    """Whoever signed in with a team's own service is in the team from now on."""
    provider = provider_named(sociallogin.account.provider) if sociallogin else None
    if provider is not None and provider.role and sociallogin:
        who = Who(user, timezone.now(), request.META.get("tmam.request_id", ""))
        join_by_service(provider.organizer, provider.role, who, provider.id, sociallogin.account.uid)
