"""Joining a team by signing in with its own sign-in service (OpenID Connect)."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import Q

from tmam.organizers.models import Membership, Organizer, TeamEntry
from tmam.organizers.service_identities import IDENTITIES, identity_of
from tmam.organizers.team_locks import lock_team
from tmam.organizers.team_log import TeamHappening, Who, record

# Whoever went or was sent away does not come back by signing in: they are invited again.
_GONE: Final = (TeamHappening.REMOVED, TeamHappening.LEFT)


def join_by_service(slug: str, role: str, who: Who, service: str, uid: str) -> Membership | None:
    """Make who signed in a member, for all events; None for members, for who was in the team before, and for no team.

    Args:
        slug: the organizer's.
        role: what they may do from now on.
        who: the account that signed in, and when.
        service: the id of the organizer's provider.
        uid: whom the provider knows by this account. Somebody who was removed and comes with another account of ours
            is still the same to the provider.
    """
    organizer = Organizer.objects.filter(slug=slug).first()
    if organizer is None:
        return None
    identity = identity_of(service, uid)
    with transaction.atomic():
        team = lock_team(organizer, who)
        is_member = any(each.user_id == who.person.pk for each in team.members.values())
        if is_member or _was_member(organizer, who.person.pk, identity):
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
            identities=[identity],
        )
    return member


def _was_member(organizer: Organizer, user_id: int, identity: str) -> bool:
    """Whether this account went, or the identity was in the team with this or another account of ours.

    To have joined once is enough: who joined and is no member went, whatever became of the account since.
    """
    same = Q(**{f"details__{IDENTITIES}__contains": [identity]})
    was_here = Q(person_id=user_id, name__in=_GONE) | Q(same, name__in=(*_GONE, TeamHappening.JOINED))
    return TeamEntry.objects.filter(was_here, organizer=organizer).exists()
