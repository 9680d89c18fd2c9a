"""A team at rest: its memberships locked, so that what is decided about them is still true when it is written."""

from __future__ import annotations

from dataclasses import dataclass

from tmam.organizers.errors import LastOwnerError, RoleTooHighError
from tmam.organizers.models import Membership, Organizer
from tmam.organizers.permissions import Action, is_owner, powers_of, roles_given_by
from tmam.organizers.team_log import Who
from tmam.platform.errors import NotFoundError


@dataclass(frozen=True)
class LockedTeam:
    """All memberships of one organizer, until the end of the transaction."""

    organizer: Organizer
    members: dict[int, Membership]
    who: Who

    def member(self, membership_id: int) -> Membership:
        """One of the members.

        Raises:
            NotFoundError: there is none with this number, in this team.
        """
        try:
            return self.members[membership_id]
        except KeyError:
            raise NotFoundError from None

    @property
    def mine(self) -> Membership:
        """The membership of who is changing the team.

        Raises:
            NotFoundError: they are not in it (any more).
        """
        for each in self.members.values():
            if each.user_id == self.who.person.pk:
                return each
        raise NotFoundError

    def require_giver_of(self, *roles: str) -> None:
        """Refuse who may not give and take all these roles.

        Raises:
            NotFoundError, ForbiddenError, SecondFactorRequiredError: they may not change the team at all.
            RoleTooHighError: one of the roles is not below their own.
        """
        powers_of(self.who.person).require_for(Action.CHANGE_TEAM, self.organizer)
        if not set(roles) <= set(roles_given_by(self.mine.role)):
            raise RoleTooHighError

    def require_other_owner(self, but: Membership) -> None:
        """Refuse to leave the team without an owner who can sign in.

        Raises:
            LastOwnerError: there is none besides this one.
        """
        others = (each for each in self.members.values() if each.pk != but.pk)
        if is_owner(but.role) and not any(is_owner(each.role) and each.user.is_active for each in others):
            raise LastOwnerError


def lock_team(organizer: Organizer, who: Who) -> LockedTeam:
    """Lock a team, in a transaction: the organizer's row first, so that joining waits, too; then members by number.

    Raises:
        NotFoundError: the organizer is gone.
    """
    locked = Organizer.objects.select_for_update(no_key=True).filter(pk=organizer.pk).first()
    if locked is None:
        raise NotFoundError
    members = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(organizer=locked)
        .order_by("id")
    )
    return LockedTeam(locked, {each.pk: each for each in members}, who)
