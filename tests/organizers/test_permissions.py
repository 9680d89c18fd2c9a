"""Roles: who may do what for which organizer and event."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.cast import give_second_factor, make_event, make_member, make_organizer, make_user
from tmam.accounts.models import User
from tmam.catalog.models import Event
from tmam.organizers.errors import SecondFactorRequiredError
from tmam.organizers.models import Membership, Organizer, Role
from tmam.organizers.permissions import (
    ACTIONS_OF_ROLE,
    OF_ORGANIZER,
    Action,
    may,
    organizers_where,
    powers_of,
    require,
    roles_given_by,
)
from tmam.platform.errors import ForbiddenError, NotFoundError

pytestmark = pytest.mark.django_db

# Each role's column, read from above: o m f b g s r (owner, manager, finance, box office, gate, support, read-only).
MATRIX = {
    Action.SEE_STUDIO: "o m f b . s r",
    Action.SEE_SALES: "o m f . . . r",
    Action.SEE_ORDERS: "o m f b . s r",
    Action.CHANGE_RULES: "o m . . . . .",
    Action.CHANGE_EVENTS: "o m . . . . .",
    Action.SELL: "o m . b . . .",
    Action.SCAN: "o m . . g . .",
    Action.HELP_BUYERS: "o m . . . s .",
    Action.REFUND: "o m f . . . .",
    Action.SEE_PAYOUTS: "o m f . . . .",
    Action.SEE_TEAM: "o m . . . . .",
    Action.CHANGE_TEAM: "o m . . . . .",
    Action.CHANGE_ORGANIZER: "o . . . . . .",
    Action.CHANGE_PAYOUTS: "o . . . . . .",
}
CELLS = [
    (role, action, mark != ".")
    for action, marks in MATRIX.items()
    for role, mark in zip(Role, marks.split(), strict=True)
]


def test_every_role_and_every_action_is_in_the_matrix() -> None:
    assert set(ACTIONS_OF_ROLE) == set(Role)
    assert set(MATRIX) == set(Action)


@pytest.mark.parametrize(("role", "action", "allowed"), CELLS)
def test_a_member_may_what_the_role_says(role: Role, action: Action, allowed: bool) -> None:
    event = make_event()
    person = make_member(event.organizer, role)
    assert may(person, action, event) is allowed
    assert powers_of(person).may_for(action, event.organizer) is allowed
    assert list(organizers_where(person, action)) == ([event.organizer] if allowed else [])
    shown = Event.objects.filter(powers_of(person).events_where(action))
    assert list(shown) == ([event] if allowed else [])


@pytest.mark.parametrize(("role", "action", "allowed"), [cell for cell in CELLS if cell[0] != Role.OWNER])
def test_a_membership_for_chosen_events_is_for_no_other(role: Role, action: Action, allowed: bool) -> None:
    mine = make_event()
    other = make_event(organizer=mine.organizer)
    person = make_member(mine.organizer, role, events=[mine])
    is_of_event = action not in OF_ORGANIZER
    assert may(person, action, mine) is (allowed and is_of_event)
    assert not may(person, action, other)
    assert not powers_of(person).may_for(action, mine.organizer)
    shown = Event.objects.filter(powers_of(person).events_where(action))
    assert list(shown) == ([mine] if allowed and is_of_event else [])
    with pytest.raises(NotFoundError):
        require(person, action, other)


def test_no_events_chosen_means_none_and_foreign_ones_never_count() -> None:
    event, foreign = make_event(), make_event()
    nothing = make_member(event.organizer, Role.MANAGER, events=[])
    wrong = make_member(event.organizer, Role.MANAGER, events=[foreign])
    for person in (nothing, wrong):
        assert not may(person, Action.SEE_STUDIO, event)
        assert not may(person, Action.SEE_STUDIO, foreign)
        assert not Event.objects.filter(powers_of(person).events_where(Action.SEE_STUDIO)).exists()


def test_nobody_may_anything_for_another_organizer() -> None:
    event = make_event()
    elsewhere = make_member(make_organizer(), Role.OWNER)
    for person in (elsewhere, make_user(), AnonymousUser()):
        for action in Action:
            assert not may(person, action, event)
            with pytest.raises(NotFoundError):
                require(person, action, event)
            with pytest.raises(NotFoundError):
                powers_of(person).require_for(action, event.organizer)


def test_whose_event_it_is_but_not_whose_role_is_told_so() -> None:
    event = make_event()
    steward = make_member(event.organizer, Role.GATE)
    with pytest.raises(ForbiddenError):
        require(steward, Action.SEE_STUDIO, event)
    with pytest.raises(ForbiddenError):
        powers_of(steward).require_for(Action.SEE_TEAM, event.organizer)
    with pytest.raises(ForbiddenError):
        powers_of(steward).require_any(Action.SEE_STUDIO)


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


def requiring() -> tuple[Event, User]:
    event = make_event()
    Organizer.objects.filter(id=event.organizer_id).update(requires_second_factor=True)
    return event, make_member(event.organizer, Role.OWNER)


def test_without_the_required_second_factor_a_membership_sleeps() -> None:
    event, person = requiring()
    for action in Action:
        assert not may(person, action, event)
        for refused in (
            lambda action=action: require(person, action, event),
            lambda action=action: powers_of(person).require_for(action, event.organizer),
            lambda action=action: powers_of(person).require_any(action),
        ):
            with pytest.raises(SecondFactorRequiredError):
                refused()
    assert powers_of(person).works_as(Action.SEE_STUDIO)
    assert powers_of(person).organizers_asleep() == [event.organizer]
    give_second_factor(person)
    assert all(may(person, action, event) for action in Action)


def test_a_sleeping_membership_tells_nothing_of_others() -> None:
    _, person = requiring()
    with pytest.raises(NotFoundError):
        require(person, Action.SEE_STUDIO, make_event())


def test_nobody_gives_what_they_have_not() -> None:
    for role in Role:
        for given in roles_given_by(role):
            assert ACTIONS_OF_ROLE[given] <= ACTIONS_OF_ROLE[role]
    assert roles_given_by(Role.OWNER) == list(Role)
    assert roles_given_by(Role.MANAGER) == [each for each in Role if each not in (Role.OWNER, Role.MANAGER)]
    assert all(roles_given_by(role) == [] for role in Role if role not in (Role.OWNER, Role.MANAGER))
