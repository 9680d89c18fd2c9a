"""Which teams' work a signed-in person does."""

from __future__ import annotations

from django.http import HttpRequest

from tmam.organizers.models import Membership


def roles_of(request: HttpRequest) -> set[str]:
    """The roles (`organizers.models.Role`) that the signed-in person has in any team; none for visitors."""
    user = request.user
    if not user.is_authenticated:
        return set()
    return set(Membership.objects.filter(user=user).values_list("role", flat=True))
