"""Joining a team by signing in with its own sign-in service (OpenID Connect)."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from tmam.organizers.models import Membership, Organizer, TeamEntry
from tmam.organizers.team_locks import lock_team
from tmam.organizers.team_log import TeamHappening, Who, record

# Whoever went or was sent away does not come back by signing in: they are invited again.
_GONE: Final = (TeamHappening.REMOVED, TeamHappening.LEFT)


def join_by_service(slug: str, role: str, who: Who, service: str) -> Membership | None:
    """Make who signed in a member, for all events; None for members, for who was in the team before, and for no team."""
    organizer = Organizer.objects.filter(slug=slug).first()
    if organizer is None:
        return None
    with transaction.atomic():
        team = lock_team(organizer, who)
        is_member = any(each.user_id == who.person.pk for each in team.members.values())
        was_member = TeamEntry.objects.filter(organizer=organizer, person=who.person, name__in=_GONE).exists()
        if is_member or was_member:
            return None
        member = Membership.objects.create(
            organizer=team.organizer, user=who.person, role=role, all_events=True, joined_at=who.at
        )
        after = {"role": role, "all_events": True, "event_ids": []}
        record(
            TeamHappening.JOINED,
            team.organizer,
            who,
            person_id=who.person.pk,
            after=after,
            service=service,
        )
    return member
