"""Roles: who may do what for which organizer."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.cast import make_event, make_member, make_organizer, make_user
from tmam.organizers.models import Membership, Role
from tmam.organizers.permissions import ACTIONS_OF_ROLE, Action, may, organizers_where, require
from tmam.platform.errors import ForbiddenError

pytestmark = pytest.mark.django_db


def test_every_role_has_its_actions() -> None:
    assert set(ACTIONS_OF_ROLE) == set(Role)


@pytest.mark.parametrize(
    ("role", "action", "allowed"),
    [
        (Role.OWNER, Action.SEE_STUDIO, True),
        (Role.OWNER, Action.SCAN, True),
        (Role.OWNER, Action.CHANGE_RULES, True),
        (Role.GATE, Action.SEE_STUDIO, False),
        (Role.GATE, Action.CHANGE_RULES, False),
        (Role.GATE, Action.SCAN, True),
    ],
)
def test_a_member_may_what_the_role_says(role: Role, action: Action, allowed: bool) -> None:
    event = make_event()
    assert may(make_member(event.organizer, role), action, event) is allowed


def test_nobody_may_anything_for_another_organizer() -> None:
    event = make_event()
    elsewhere = make_member(make_organizer(), Role.OWNER)
    for person in (elsewhere, make_user(), AnonymousUser()):
        for action in Action:
            assert not may(person, action, event)
            with pytest.raises(ForbiddenError):
                require(person, action, event)


def test_organizers_are_those_of_the_person_and_the_role() -> None:
    first, second = make_organizer("Albor"), make_organizer("Brisa")
    person = make_member(second, Role.OWNER)
    Membership.objects.create(organizer=first, user=person, role=Role.GATE)
    assert list(organizers_where(person, Action.SEE_STUDIO)) == [second]
    assert list(organizers_where(person, Action.SCAN)) == [first, second]
    assert not organizers_where(AnonymousUser(), Action.SCAN).exists()


def test_an_account_that_was_closed_may_nothing() -> None:
    event = make_event()
    person = make_member(event.organizer, Role.OWNER, is_active=False)
    assert not may(person, Action.SCAN, event)
