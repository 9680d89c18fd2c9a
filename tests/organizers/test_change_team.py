"""Changing a team: who may change whom, the last owner, undo, and what is written down."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from tests.cast import NOW, give_second_factor, make_event, make_member, make_organizer, make_user
from tmam.accounts.models import User
from tmam.organizers.change_team import (
    Given,
    change_member,
    leave_team,
    remove_member,
    restore_member,
)
from tmam.organizers.duties import teams_left_without_owner
from tmam.organizers.errors import (
    LastOwnerError,
    RoleTooHighError,
    SecondFactorRequiredError,
    TeamChangedError,
)
from tmam.organizers.invite import invite
from tmam.organizers.models import Invitation, Membership, Organizer, Role, TeamEntry
from tmam.organizers.require_second_factor import require_second_factor
from tmam.organizers.team_log import Who
from tmam.platform.errors import ForbiddenError, NotFoundError
from tmam.platform.models import LogEntry

pytestmark = pytest.mark.django_db
SUPPORT = Given(Role.SUPPORT)


def who(person: User) -> Who:
    return Who(person, NOW)


def member_of(organizer: Organizer, role: str) -> Membership:
    return Membership.objects.get(user=make_member(organizer, role))


def role_of(member: Membership) -> str | None:
    return Membership.objects.filter(pk=member.pk).values_list("role", flat=True).first()


@pytest.mark.parametrize("role", Role)
def test_an_owner_changes_everybody(role: Role) -> None:
    organizer = make_organizer()
    owner, member = make_member(organizer, Role.OWNER), member_of(organizer, role)
    assert change_member(organizer, member.pk, SUPPORT, who(owner)) == Given(role)
    assert role_of(member) == Role.SUPPORT


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER])
def test_a_manager_neither_makes_nor_touches_owners_and_managers(role: Role) -> None:
    organizer = make_organizer()
    manager = make_member(organizer, Role.MANAGER)
    high, low = member_of(organizer, role), member_of(organizer, Role.GATE)
    for refused in (
        lambda: change_member(organizer, high.pk, SUPPORT, who(manager)),
        lambda: change_member(organizer, low.pk, Given(role), who(manager)),
        lambda: remove_member(organizer, high.pk, who(manager)),
        lambda: restore_member(organizer, make_user().pk, Given(role), who(manager)),
    ):
        with pytest.raises(RoleTooHighError):
            refused()
    change_member(organizer, low.pk, SUPPORT, who(manager))
    assert (role_of(high), role_of(low)) == (role, Role.SUPPORT)


def test_others_change_nobody() -> None:
    organizer = make_organizer()
    member = member_of(organizer, Role.GATE)
    for role in (Role.FINANCE, Role.BOX_OFFICE, Role.GATE, Role.SUPPORT, Role.READ_ONLY):
        person = make_member(organizer, role)
        with pytest.raises(ForbiddenError):
            change_member(organizer, member.pk, SUPPORT, who(person))
        with pytest.raises(ForbiddenError):
            remove_member(organizer, member.pk, who(person))
    limited = make_member(organizer, Role.MANAGER, events=[make_event(organizer=organizer)])
    with pytest.raises(ForbiddenError):
        change_member(organizer, member.pk, SUPPORT, who(limited))
    outsider = make_member(make_organizer(), Role.OWNER)
    with pytest.raises(NotFoundError):
        change_member(organizer, member.pk, SUPPORT, who(outsider))
    assert role_of(member) == Role.GATE


def test_a_member_of_another_team_is_not_found() -> None:
    organizer = make_organizer()
    foreign = member_of(make_organizer(), Role.GATE)
    owner = who(make_member(organizer, Role.OWNER))
    with pytest.raises(NotFoundError):
        change_member(organizer, foreign.pk, SUPPORT, owner)
    with pytest.raises(NotFoundError):
        remove_member(organizer, foreign.pk, owner)


def test_the_last_owner_stays() -> None:
    organizer = make_organizer()
    owner = make_member(organizer, Role.OWNER)
    make_member(organizer, Role.OWNER, is_active=False)  # cannot sign in, so does not count
    mine = Membership.objects.get(user=owner)
    for refused in (
        lambda: change_member(organizer, mine.pk, SUPPORT, who(owner)),
        lambda: remove_member(organizer, mine.pk, who(owner)),
        lambda: leave_team(organizer, who(owner)),
    ):
        with pytest.raises(LastOwnerError):
            refused()
    assert teams_left_without_owner(owner.pk) == [organizer]
    make_member(organizer, Role.OWNER)
    assert teams_left_without_owner(owner.pk) == []
    leave_team(organizer, who(owner))
    assert not Membership.objects.filter(user=owner).exists()


def test_leaving_needs_no_second_factor_and_no_role() -> None:
    organizer = make_organizer()
    Organizer.objects.filter(pk=organizer.pk).update(requires_second_factor=True)
    leave_team(organizer, who(make_member(organizer, Role.READ_ONLY)))
    with pytest.raises(NotFoundError):
        leave_team(organizer, who(make_user()))


def test_what_is_undone_is_as_before() -> None:
    organizer = make_organizer()
    owner = who(make_member(organizer, Role.OWNER))
    event = make_event(organizer=organizer)
    steward = make_member(organizer, Role.GATE, events=[event])
    member = Membership.objects.get(user=steward)
    before = change_member(organizer, member.pk, SUPPORT, owner)
    change_member(organizer, member.pk, before, owner, only_from=SUPPORT)
    with pytest.raises(TeamChangedError):
        change_member(organizer, member.pk, before, owner, only_from=SUPPORT)
    user_id, before = remove_member(organizer, member.pk, owner)
    restore_member(organizer, user_id, before, owner)
    restore_member(organizer, user_id, SUPPORT, owner)  # is there by now: nothing happens
    back = Membership.objects.get(user=steward)
    assert Given.of(back) == Given(Role.GATE, all_events=False, event_ids=(event.id,))


def test_every_change_is_written_down_without_addresses() -> None:
    organizer = make_organizer()
    owner = make_member(organizer, Role.OWNER)
    member = member_of(organizer, Role.GATE)
    change_member(organizer, member.pk, SUPPORT, who(owner))
    change_member(organizer, member.pk, SUPPORT, who(owner))  # nothing new
    remove_member(organizer, member.pk, who(owner))
    restore_member(organizer, member.user_id, SUPPORT, who(owner))
    names = ["organizer.member_changed", "organizer.member_removed", "organizer.member_restored"]
    entries = TeamEntry.objects.filter(organizer=organizer).order_by("id")
    assert [(entry.name, entry.actor_id, entry.person_id) for entry in entries] == [
        (name, owner.pk, member.user_id) for name in names
    ]
    facts = LogEntry.objects.filter(event_id=0, data__organizer_id=organizer.pk).order_by("name")
    assert [fact.name for fact in facts] == names
    assert {fact.actor for fact in facts} == {f"user:{owner.pk}"}
    assert facts[0].data["before"] == {"role": "gate", "all_events": True, "event_ids": []}
    assert "@" not in str([fact.data for fact in facts])


def test_what_somebody_may_no_longer_offer_is_off_the_table() -> None:
    organizer = make_organizer()
    owner = make_member(organizer, Role.OWNER)
    demoted, removed = make_member(organizer, Role.OWNER), make_member(organizer, Role.MANAGER)
    high = invite(organizer, "high@people.example", Given(Role.MANAGER), who(demoted), "en")
    low = invite(organizer, "low@people.example", SUPPORT, who(demoted), "en")
    gone = invite(organizer, "gone@people.example", SUPPORT, who(removed), "en")
    change_member(organizer, Membership.objects.get(user=demoted).pk, Given(Role.MANAGER), who(owner))
    remove_member(organizer, Membership.objects.get(user=removed).pk, who(owner))
    still_open = Invitation.objects.filter(organizer=organizer, revoked_at=None)
    assert set(still_open) == {low}
    assert {high.pk, gone.pk} == set(
        Invitation.objects.filter(organizer=organizer).exclude(revoked_at=None).values_list("id", flat=True)
    )


def test_only_an_owner_with_a_second_factor_may_require_one() -> None:
    organizer = make_organizer()
    owner = make_member(organizer, Role.OWNER)
    manager = make_member(organizer, Role.MANAGER)
    give_second_factor(manager)
    with pytest.raises(ForbiddenError):
        require_second_factor(organizer, who(manager), is_required=True)
    with pytest.raises(SecondFactorRequiredError):
        require_second_factor(organizer, who(owner), is_required=True)
    give_second_factor(owner)
    assert require_second_factor(organizer, who(owner), is_required=True)
    assert not require_second_factor(organizer, who(owner), is_required=True)
    assert Organizer.objects.get(pk=organizer.pk).requires_second_factor
    assert require_second_factor(organizer, who(owner), is_required=False)
    assert [entry.name for entry in TeamEntry.objects.order_by("id")] == [
        "organizer.second_factor_required",
        "organizer.second_factor_no_longer_required",
    ]


def test_the_database_keeps_owners_whole() -> None:
    member = member_of(make_organizer(), Role.OWNER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=member.pk).update(all_events=False)
