"""Asking everybody in a team for a second factor."""

from __future__ import annotations

from django.db import transaction

from tmam.accounts.factors import has_second_factor
from tmam.organizers.errors import SecondFactorRequiredError
from tmam.organizers.models import Organizer
from tmam.organizers.permissions import Action, powers_of
from tmam.organizers.team_locks import lock_team
from tmam.organizers.team_log import TeamHappening, Who, record


def require_second_factor(organizer: Organizer, who: Who, *, is_required: bool) -> bool:
    """Ask everybody in the team for a second factor, or no longer. Says whether that changed anything.

    Raises:
        NotFoundError, ForbiddenError: who asks may not change the organizer.
        SecondFactorRequiredError: who asks has none, and would shut themselves out.
    """
    with transaction.atomic():
        team = lock_team(organizer, who)
        powers_of(who.person).require_for(Action.CHANGE_ORGANIZER, team.organizer)
        if is_required and not has_second_factor(who.person.pk):
            raise SecondFactorRequiredError(organizer=team.organizer.name)
        changed = Organizer.objects.filter(
            pk=team.organizer.pk, requires_second_factor=not is_required
        ).update(requires_second_factor=is_required)
        if changed:
            name = TeamHappening.SECOND_FACTOR_REQUIRED if is_required else TeamHappening.SECOND_FACTOR_FREE
            record(name, team.organizer, who)
    return bool(changed)
