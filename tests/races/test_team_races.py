"""Two people at the same team at once: there is always an owner, and one invitation makes one member."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from django.db import connection

from tests.cast import NOW, make_member, make_organizer, make_user, unique
from tmam.kernel.errors import TmamError
from tmam.organizers.change_team import Given, change_member, leave_team, remove_member
from tmam.organizers.invite import accept_invitation, invite, revoke_invitation
from tmam.organizers.models import Invitation, Membership, Organizer, Role, TeamEntry
from tmam.organizers.team_log import Who

pytestmark = pytest.mark.usefixtures("live_database")
rounds = pytest.mark.parametrize("attempt", range(5))


def at_once(verbs: Sequence[Callable[[], object]]) -> Counter[str]:
    """Each verb in a thread and on a connection of its own, all starting together; what became of them."""
    barrier, outcomes = threading.Barrier(len(verbs)), []

    def run(verb: Callable[[], object]) -> None:
        barrier.wait()
        try:
            verb()
            outcomes.append("done")
        except TmamError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[verb]) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def owners(organizer: Organizer) -> int:
    return Membership.objects.filter(organizer=organizer, role=Role.OWNER).count()


def two_owners() -> tuple[Organizer, list[Membership]]:
    organizer = make_organizer()
    for _ in range(2):
        make_member(organizer, Role.OWNER)
    return organizer, list(Membership.objects.filter(organizer=organizer).order_by("id"))


@rounds
def test_two_owners_who_demote_each_other_leave_one(attempt: int) -> None:
    organizer, (first, second) = two_owners()
    gate = Given(Role.GATE)
    outcomes = at_once(
        [
            lambda: change_member(organizer, second.pk, gate, Who(first.user, NOW)),
            lambda: change_member(organizer, first.pk, gate, Who(second.user, NOW)),
        ]
    )
    assert outcomes == {"done": 1, "platform.forbidden": 1}
    assert owners(organizer) == 1


@rounds
def test_two_owners_who_remove_each_other_leave_one(attempt: int) -> None:
    organizer, (first, second) = two_owners()
    outcomes = at_once(
        [
            lambda: remove_member(organizer, second.pk, Who(first.user, NOW)),
            lambda: remove_member(organizer, first.pk, Who(second.user, NOW)),
        ]
    )
    assert outcomes == {"done": 1, "platform.not_found": 1}
    assert owners(organizer) == 1


@rounds
def test_of_two_owners_who_leave_one_stays(attempt: int) -> None:
    organizer, members = two_owners()
    outcomes = at_once([lambda each=each: leave_team(organizer, Who(each.user, NOW)) for each in members])
    assert outcomes == {"done": 1, "organizers.last_owner": 1}
    assert owners(organizer) == 1


def test_an_invitation_accepted_many_times_at_once_makes_one_member() -> None:
    organizer, person = make_organizer(), make_user()
    owner = make_member(organizer, Role.OWNER)
    invitation = invite(organizer, person.email, Given(Role.GATE), Who(owner, NOW), "en")
    outcomes = at_once([lambda: accept_invitation(invitation, Who(person, NOW))] * 8)
    assert outcomes == {"done": 1, "organizers.already_member": 7}
    assert Membership.objects.filter(organizer=organizer, user=person).count() == 1
    assert TeamEntry.objects.filter(organizer=organizer, name="organizer.member_joined").count() == 1


@rounds
def test_an_invitation_is_either_accepted_or_taken_back(attempt: int) -> None:
    organizer, person = make_organizer(), make_user()
    owner = make_member(organizer, Role.OWNER)
    invitation = invite(organizer, person.email, Given(Role.GATE), Who(owner, NOW), "en")
    outcomes = at_once(
        [
            lambda: accept_invitation(invitation, Who(person, NOW)),
            lambda: revoke_invitation(organizer, invitation.pk, Who(owner, NOW)),
        ]
    )
    assert outcomes == {"done": 1, "organizers.invitation_ended": 1}
    row = Invitation.objects.get(pk=invitation.pk)
    is_member = Membership.objects.filter(organizer=organizer, user=person).exists()
    assert is_member is (row.accepted_at is not None) is (row.revoked_at is None)


def test_one_address_invited_many_times_at_once_has_one_invitation() -> None:
    organizer = make_organizer()
    owner, email = make_member(organizer, Role.OWNER), f"{unique('new')}@people.example"
    given = Given(Role.GATE)
    outcomes = at_once([lambda: invite(organizer, email, given, Who(owner, NOW), "en")] * 6)
    assert outcomes == {"done": 1, "organizers.already_invited": 5}
