"""Where a person works: the front door after signing in, and the teams on the account's page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tmam.organizers.permissions import Action, Powers, powers_of
from tmam.organizers.words import ROLE_NAMES

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from tmam.accounts.models import User
    from tmam.organizers.models import Membership, Organizer


@dataclass(frozen=True)
class Workplace:
    """One team of a person's: their role, where they work (if anywhere yet), and whether a second factor is missing."""

    organizer: Organizer
    role: object
    path: str | None
    is_asleep: bool


def workplaces(person: User) -> list[Workplace]:
    """The teams of a person, by the organizer's name."""
    powers = powers_of(person)
    found = [
        Workplace(each.organizer, ROLE_NAMES[each.role], _path(each), is_asleep=each in powers.asleep)
        for each in (*powers.awake, *powers.asleep)
    ]
    return sorted(found, key=lambda each: each.organizer.name)


def is_asked_by_team(person: User) -> bool:
    """Whether one of their teams requires a second factor: a reason to have one (`required_factor`)."""
    powers = powers_of(person)
    return any(each.organizer.requires_second_factor for each in (*powers.awake, *powers.asleep))


def _path(member: Membership) -> str | None:
    alone = Powers((member,))
    if alone.works_as(Action.SEE_STUDIO):
        return f"/studio/?organizer={member.organizer.slug}"
    return "/gate/" if alone.works_as(Action.SCAN) else None


def front_door(person: User | AnonymousUser) -> str | None:
    """The studio for who may see one, the scanner for who only scans, the staff pages for platform staff; else None.

    It is the same while the team still waits for a second factor: the page there says what to do.
    """
    powers = powers_of(person)
    if powers.works_as(Action.SEE_STUDIO):
        return "/studio/"
    if powers.works_as(Action.SCAN):
        return "/gate/"
    return "/staff/" if person.is_staff else None
