"""Who may do what for which organizer and event: the one place that is asked, whatever the page.

A role is a set of actions. A new role is a new member of `Role` with its line in `ACTIONS_OF_ROLE`; a new thing to
do is a new `Action` in the lines of the roles that may do it. Nobody else compares roles (a house test looks).

A membership is for all events of its organizer or for chosen ones. What concerns the organizer as a whole
(`OF_ORGANIZER`) asks for all. Where the organizer requires a second factor, a membership of somebody without one
*sleeps*: it allows nothing, and whoever is refused for that reason alone is told so.

The hot shell asks which roles may scan and has no Django, so models are imported only where the database is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from tmam.organizers.errors import SecondFactorRequiredError
from tmam.platform.errors import ForbiddenError, NotFoundError

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Q, QuerySet

    from tmam.accounts.models import User
    from tmam.organizers.models import Membership, Organizer


class Action(StrEnum):
    """Something a member of a team may do for its organizer."""

    # For single events
    SEE_STUDIO = "see_studio"  # open the studio: events, dates, how much is sold and left, entries
    SEE_SALES = "see_sales"  # what was taken in money, totals by type and date
    SEE_ORDERS = "see_orders"  # single orders and the names in them
    CHANGE_RULES = "change_rules"  # limits, contingents, sales codes
    CHANGE_EVENTS = "change_events"  # titles, dates, ticket types, prices
    SELL = "sell"  # sell at the box office
    SCAN = "scan"  # let people in at the gate
    HELP_BUYERS = "help_buyers"  # send tickets again, correct names, answer requests
    REFUND = "refund"  # give money back
    # For the organizer as a whole
    SEE_PAYOUTS = "see_payouts"  # what we owe the organizer and paid out
    SEE_TEAM = "see_team"  # who is in the team, and what changed in it
    CHANGE_TEAM = "change_team"  # invite, change and remove members whose role is below one's own
    CHANGE_ORGANIZER = "change_organizer"  # name, terms, the second factor asked of the team
    CHANGE_PAYOUTS = "change_payouts"  # the account that money goes to


OF_ORGANIZER: Final = frozenset(
    {
        Action.SEE_PAYOUTS,
        Action.SEE_TEAM,
        Action.CHANGE_TEAM,
        Action.CHANGE_ORGANIZER,
        Action.CHANGE_PAYOUTS,
    }
)
_SEE = frozenset({Action.SEE_STUDIO, Action.SEE_SALES, Action.SEE_ORDERS})

# By the values of `organizers.models.Role`, from the most to the least.
ACTIONS_OF_ROLE: Final[dict[str, frozenset[Action]]] = {
    "owner": frozenset(Action),
    "manager": frozenset(Action) - {Action.CHANGE_ORGANIZER, Action.CHANGE_PAYOUTS},
    "finance": _SEE | {Action.REFUND, Action.SEE_PAYOUTS},
    "box_office": frozenset({Action.SEE_STUDIO, Action.SEE_ORDERS, Action.SELL}),
    "gate": frozenset({Action.SCAN}),
    "support": frozenset({Action.SEE_STUDIO, Action.SEE_ORDERS, Action.HELP_BUYERS}),
    "read_only": _SEE,
}
# There is always one of these, or nobody could change a team any more; they give every role, their own too.
OWNER: Final = "owner"


class OrganizersEvent(Protocol):
    """An event, by its number and its organizer's."""

    @property
    def id(self) -> int:
        """The event's number."""

    @property
    def organizer_id(self) -> int:
        """The organizer's number."""


@dataclass(frozen=True)
class Powers:
    """What one person may do, by the memberships they have: `awake` ones count, `asleep` ones wait for a second factor."""

    awake: tuple[Membership, ...]
    asleep: tuple[Membership, ...] = ()

    def may(self, action: Action, event: OrganizersEvent) -> bool:
        """Whether they may do that for this event."""
        return _allow(self.awake, action, event)

    def may_for(self, action: Action, organizer: Organizer) -> bool:
        """Whether they may do that for the whole organizer, all its events included."""
        return any(each.organizer_id == organizer.pk for each in _with(self.awake, action) if each.all_events)

    def require(self, action: Action, event: OrganizersEvent) -> None:
        """Refuse whoever may not do that for this event.

        To who has nothing to do with an event it is as if there were none: nobody can try numbers out.

        Raises:
            NotFoundError: the event is no business of theirs.
            SecondFactorRequiredError: they might, with a second factor.
            ForbiddenError: the event is theirs, but their role does not allow that.
        """
        if self.may(action, event):
            return
        self._say_if_asleep(each for each in self.asleep if _reaches(each, event))
        if any(_reaches(each, event) for each in self.awake):
            raise ForbiddenError
        raise NotFoundError

    def require_for(self, action: Action, organizer: Organizer) -> None:
        """Refuse whoever may not do that for the whole organizer.

        Raises:
            NotFoundError: they are not in the team.
            SecondFactorRequiredError: they might, with a second factor.
            ForbiddenError: they are in the team, but their role or its reach does not allow that.
        """
        if self.may_for(action, organizer):
            return
        self._say_if_asleep(each for each in self.asleep if each.organizer_id == organizer.pk)
        if any(each.organizer_id == organizer.pk for each in self.awake):
            raise ForbiddenError
        raise NotFoundError

    def require_any(self, action: Action) -> None:
        """Refuse whoever may not do that anywhere.

        Raises:
            SecondFactorRequiredError: they might, with a second factor.
            ForbiddenError: they are in no team, or in no such role.
        """
        if not _with(self.awake, action):
            self._say_if_asleep(_with(self.asleep, action))
            raise ForbiddenError

    def organizers_where(self, action: Action) -> list[Organizer]:
        """The organizers for which they may do that, for some event at least, by name."""
        return sorted((each.organizer for each in _with(self.awake, action)), key=lambda each: each.name)

    def works_as(self, action: Action) -> bool:
        """Whether they do that for some organizer, be it after they got a second factor."""
        return bool(_with((*self.awake, *self.asleep), action))

    def organizers_asleep(self) -> list[Organizer]:
        """The organizers that wait for their second factor, by name."""
        return sorted((each.organizer for each in self.asleep), key=lambda each: each.name)

    def roles_to_give(self, organizer: Organizer) -> list[str]:
        """The roles that they may give and take in this organizer's team; none for who may not change it."""
        members = _with(self.awake, Action.CHANGE_TEAM)
        mine = next((each for each in members if each.organizer_id == organizer.pk), None)
        return roles_given_by(mine.role) if mine else []

    def may_give(self, role: str, organizer: Organizer) -> bool:
        """Whether they may give and take this role in this organizer's team."""
        return role in self.roles_to_give(organizer)

    def events_where(self, action: Action, prefix: str = "") -> Q:
        """A filter for the events for which they may do that; `prefix` leads to the event (`event__`)."""
        from django.db.models import Q

        members = _with(self.awake, action)
        whole = [each.organizer_id for each in members if each.all_events]
        found = Q(**{f"{prefix}organizer_id__in": whole})
        for each in members:
            if not each.all_events:
                found |= Q(
                    **{f"{prefix}organizer_id": each.organizer_id, f"{prefix}id__in": list(each.event_ids)}
                )
        return found

    @staticmethod
    def _say_if_asleep(asleep: Iterable[Membership]) -> None:
        for each in asleep:
            raise SecondFactorRequiredError(organizer=each.organizer.name)


def powers_of(person: User | AnonymousUser) -> Powers:
    """What this person may do anywhere; nothing for a visitor who is not signed in, or whose account was closed."""
    from tmam.accounts.factors import has_second_factor
    from tmam.organizers.models import Membership

    if not person.is_authenticated:
        return Powers(())
    members = list(
        Membership.objects.filter(user_id=person.pk, user__is_active=True).select_related("organizer")
    )
    asking = [each for each in members if each.organizer.requires_second_factor]
    if not asking or has_second_factor(person.pk):
        return Powers(tuple(members))
    return Powers(tuple(each for each in members if each not in asking), tuple(asking))


def may(person: User | AnonymousUser, action: Action, event: OrganizersEvent) -> bool:
    """Whether this person may do that for this event."""
    return powers_of(person).may(action, event)


def require(person: User | AnonymousUser, action: Action, event: OrganizersEvent) -> None:
    """Refuse whoever may not; see `Powers.require` for what is raised."""
    powers_of(person).require(action, event)


def organizers_where(person: User | AnonymousUser, action: Action) -> QuerySet[Organizer]:
    """The organizers for whom this person may do that, by name; none for a visitor who is not signed in."""
    from tmam.organizers.models import Organizer

    ids = [each.pk for each in powers_of(person).organizers_where(action)]
    return Organizer.objects.filter(id__in=ids).order_by("name")


def roles_that_may(action: Action) -> list[str]:
    """The roles with this action among theirs, as the database has them."""
    return [role for role, actions in ACTIONS_OF_ROLE.items() if action in actions]


def is_owner(role: str) -> bool:
    """Whether this role owns the organizer: it is for all events, and somebody always has it."""
    return role == OWNER


def is_brought_by_sign_in(role: str) -> bool:
    """Whether a team's own sign-in service may bring people in with this role: nobody comes in as an owner."""
    return role in ACTIONS_OF_ROLE and role != OWNER


def may_give(role: str, other: str) -> bool:
    """Whether a member with this role may give and take the other."""
    return other in roles_given_by(role)


def roles_given_by(role: str) -> list[str]:
    """The roles that a member with this role may give and take: those that may less; owners make owners, too."""
    mine = ACTIONS_OF_ROLE[role]
    if Action.CHANGE_TEAM not in mine:
        return []
    return [other for other, actions in ACTIONS_OF_ROLE.items() if actions < mine or other == role == OWNER]


def _with(members: Iterable[Membership], action: Action) -> list[Membership]:
    """The memberships that have this action; without those for chosen events where it concerns the whole organizer."""
    return [
        each
        for each in members
        if action in ACTIONS_OF_ROLE[each.role] and (each.all_events or action not in OF_ORGANIZER)
    ]


def _allow(members: Iterable[Membership], action: Action, event: OrganizersEvent) -> bool:
    return any(_reaches(each, event) for each in _with(members, action))


def _reaches(member: Membership, event: OrganizersEvent) -> bool:
    return member.organizer_id == event.organizer_id and (member.all_events or event.id in member.event_ids)
