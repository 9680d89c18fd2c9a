"""Who may do what for which organizer: the one place that is asked, whatever the page.

A role is a set of actions. A new role is a new member of `Role` with its line in `ACTIONS_OF_ROLE`; a new thing to
do is a new `Action` in the lines of the roles that may do it. Nobody else compares roles.

The hot shell asks which roles may scan and has no Django, so models are imported only where the database is asked.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from tmam.platform.errors import ForbiddenError

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from tmam.accounts.models import User
    from tmam.organizers.models import Membership, Organizer


class Action(StrEnum):
    """Something a member of a team may do for its organizer."""

    SEE_STUDIO = "see_studio"
    SCAN = "scan"
    CHANGE_RULES = "change_rules"


# By the values of `organizers.models.Role`.
ACTIONS_OF_ROLE: Final[dict[str, frozenset[Action]]] = {
    "owner": frozenset(Action),
    "gate": frozenset({Action.SCAN}),
}


class BelongsToOrganizer(Protocol):
    """Anything of an organizer's: an event, an order."""

    @property
    def organizer_id(self) -> int:
        """The organizer's number."""


def roles_that_may(action: Action) -> list[str]:
    """The roles with this action among theirs, as the database has them."""
    return [role for role, actions in ACTIONS_OF_ROLE.items() if action in actions]


def organizers_where(person: User | AnonymousUser, action: Action) -> QuerySet[Organizer]:
    """The organizers for whom this person may do that, by name; none for a visitor who is not signed in."""
    from tmam.organizers.models import Organizer

    return Organizer.objects.filter(id__in=_memberships(person, action).values("organizer_id")).order_by(
        "name"
    )


def may(person: User | AnonymousUser, action: Action, thing: BelongsToOrganizer) -> bool:
    """Whether this person may do that for the organizer this belongs to."""
    return _memberships(person, action).filter(organizer_id=thing.organizer_id).exists()


def require(person: User | AnonymousUser, action: Action, thing: BelongsToOrganizer) -> None:
    """Refuse whoever may not.

    Raises:
        ForbiddenError: this person may not do that for the organizer this belongs to.
    """
    if not may(person, action, thing):
        raise ForbiddenError


def _memberships(person: User | AnonymousUser, action: Action) -> QuerySet[Membership]:
    from tmam.organizers.models import Membership

    if not person.is_authenticated:
        return Membership.objects.none()
    return Membership.objects.filter(user_id=person.pk, user__is_active=True, role__in=roles_that_may(action))
