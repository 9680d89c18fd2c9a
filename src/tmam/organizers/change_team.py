"""Changing who may do what in a team. Each verb is one transaction that locks the team and looks again who may."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from tmam.organizers.errors import TeamChangedError
from tmam.organizers.models import Invitation, Membership, Organizer, Reach
from tmam.organizers.permissions import is_owner, roles_given_by
from tmam.organizers.service_identities import identities_of
from tmam.organizers.team_locks import LockedTeam, lock_team
from tmam.organizers.team_log import TeamHappening, Who, record


@dataclass(frozen=True)
class Given:
    """A role and for which events it counts; `event_ids` is looked at only without `all_events`."""

    role: str
    all_events: bool = True
    event_ids: Sequence[int] = ()

    @classmethod
    def of(cls, reach: Reach) -> Given:
        """What a member or an invited person has."""
        return cls(reach.role, reach.all_events, tuple(reach.event_ids))

    @property
    def fields(self) -> dict[str, Any]:
        """As the rows keep it: owners are owners of everything."""
        all_events = self.all_events or is_owner(self.role)
        return {
            "role": self.role,
            "all_events": all_events,
            "event_ids": [] if all_events else sorted(set(self.event_ids)),
        }


def change_member(
    organizer: Organizer, membership_id: int, given: Given, who: Who, *, only_from: Given | None = None
) -> Given:
    """Give a member another role, or the same for other events. Returns what they had before.

    `only_from` is for undoing: what the member must have at this moment.

    Raises:
        NotFoundError: no such member, or the one who asks is not in the team.
        ForbiddenError, SecondFactorRequiredError: who asks may not change the team.
        RoleTooHighError: the old or the new role is not below theirs.
        LastOwnerError: it would take the last owner's role.
        TeamChangedError: they no longer have what `only_from` says.
    """
    with transaction.atomic():
        team = lock_team(organizer, who)
        team.require_giver_of(given.role)
        member = team.member(membership_id)
        team.require_giver_of(member.role)
        before = Given.of(member)
        if only_from is not None and only_from.fields != before.fields:
            raise TeamChangedError
        if given.fields == before.fields:
            return before
        if not is_owner(given.role):
            team.require_other_owner(member)
        Membership.objects.filter(pk=member.pk).update(**given.fields)
        _revoke_invitations_by(member, who, roles_given_by(given.role) if given.fields["all_events"] else ())
        record(
            TeamHappening.CHANGED,
            team.organizer,
            who,
            person_id=member.user_id,
            before=asdict(before),
            after=given.fields,
        )
    return before


def remove_member(organizer: Organizer, membership_id: int, who: Who) -> tuple[int, Given]:
    """Take a person out of a team; their open invitations to others end. Returns who it was and what they had.

    Raises:
        NotFoundError: no such member, or the one who asks is not in the team.
        ForbiddenError, SecondFactorRequiredError: who asks may not change the team.
        RoleTooHighError: the member's role is not below theirs.
        LastOwnerError: it is the last owner.
    """
    with transaction.atomic():
        team = lock_team(organizer, who)
        team.require_giver_of()
        member = team.member(membership_id)
        team.require_giver_of(member.role)
        team.require_other_owner(member)
        before = Given.of(member)
        member.delete()
        _revoke_invitations_by(member, who)
        _record_that_gone(TeamHappening.REMOVED, team, member, before)
    return member.user_id, before


def restore_member(organizer: Organizer, user_id: int, given: Given, who: Who) -> None:
    """Undo a removal: the person is in the team again, as before. Nothing happens if they are by now.

    Raises:
        NotFoundError, ForbiddenError, SecondFactorRequiredError, RoleTooHighError: who asks may not (any more).
    """
    with transaction.atomic():
        team = lock_team(organizer, who)
        team.require_giver_of(given.role)
        if any(each.user_id == user_id for each in team.members.values()):
            return
        Membership.objects.create(organizer=team.organizer, user_id=user_id, joined_at=who.at, **given.fields)
        record(TeamHappening.RESTORED, team.organizer, who, person_id=user_id, after=given.fields)


def leave_team(organizer: Organizer, who: Who) -> None:
    """Leave a team oneself, whatever one's role; a second factor is not asked for.

    Raises:
        NotFoundError: they are not in it.
        LastOwnerError: nobody else owns it.
    """
    with transaction.atomic():
        team = lock_team(organizer, who)
        member = team.mine
        team.require_other_owner(member)
        before = Given.of(member)
        member.delete()
        _revoke_invitations_by(member, who)
        _record_that_gone(TeamHappening.LEFT, team, member, before)


def _record_that_gone(happening: TeamHappening, team: LockedTeam, member: Membership, before: Given) -> None:
    """With what a sign-in service knows them by, so that they do not come back through it with another account."""
    record(
        happening,
        team.organizer,
        team.who,
        person_id=member.user_id,
        identities=identities_of(member.user_id),
        before=asdict(before),
    )


def _revoke_invitations_by(member: Membership, who: Who, but: Collection[str] = ()) -> None:
    """What somebody offered and may no longer give is off the table; `but` are the roles they may still give."""
    Invitation.objects.filter(
        organizer_id=member.organizer_id, invited_by_id=member.user_id, accepted_at=None, revoked_at=None
    ).exclude(role__in=but).update(revoked_at=who.at)
