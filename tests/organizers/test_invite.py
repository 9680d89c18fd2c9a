"""Invitations: offered, mailed again, taken back, accepted once by whose address it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, make_event, make_member, make_organizer, make_user, unique
from tmam.accounts.models import User
from tmam.organizers.change_team import Given
from tmam.organizers.errors import (
    AlreadyInvitedError,
    AlreadyMemberError,
    InvitationEndedError,
    InvitationForAnotherError,
    RoleTooHighError,
    TooManyInvitationsError,
)
from tmam.organizers.invitation_links import find_invitation, is_open, token_of
from tmam.organizers.invite import (
    MOST_MAILS,
    MOST_OPEN,
    OPEN_FOR,
    accept_invitation,
    invite,
    invite_again,
    revoke_invitation,
)
from tmam.organizers.models import Invitation, Membership, Organizer, Role, TeamEntry
from tmam.organizers.team_log import Who
from tmam.platform.errors import ForbiddenError, NotFoundError
from tmam.platform.models import LogEntry

pytestmark = pytest.mark.django_db
GATE = Given(Role.GATE)


def who(person: User, after: timedelta = timedelta()) -> Who:
    return Who(person, NOW + after)


def team() -> tuple[Organizer, User]:
    organizer = make_organizer()
    return organizer, make_member(organizer, Role.OWNER)


def invited(email: str, given: Given = GATE) -> tuple[Organizer, User, Invitation]:
    organizer, owner = team()
    return organizer, owner, invite(organizer, email, given, who(owner), "es")


def test_an_accepted_invitation_makes_a_member_with_what_was_offered() -> None:
    person = make_user()
    organizer, owner = team()
    event = make_event(organizer=organizer)
    given = Given(Role.BOX_OFFICE, all_events=False, event_ids=(event.id,))
    invitation = invite(organizer, person.email.upper(), given, who(owner), "en")
    member = accept_invitation(invitation, who(person, OPEN_FOR - timedelta(seconds=1)))
    assert (Given.of(member), member.organizer_id, member.user_id) == (given, organizer.pk, person.pk)
    with pytest.raises(AlreadyMemberError):
        accept_invitation(invitation, who(person))
    Membership.objects.filter(user=person).delete()
    with pytest.raises(InvitationEndedError):
        accept_invitation(invitation, who(person))
    names = ["organizer.member_invited", "organizer.member_joined"]
    assert list(TeamEntry.objects.order_by("id").values_list("name", flat=True)) == names
    facts = LogEntry.objects.filter(event_id=0, data__organizer_id=organizer.pk).order_by("name")
    assert [fact.actor for fact in facts] == [f"user:{owner.pk}", f"user:{person.pk}"]
    assert "@" not in str([fact.data for fact in facts])


def test_the_link_s_secret_is_kept_nowhere() -> None:
    _, _, invitation = invited("new@people.example")
    token = token_of(invitation)
    assert find_invitation(token) == invitation
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in str(row)
    assert bytes.fromhex(token) != bytes(row["token_sha256"])
    assert token not in str(list(LogEntry.objects.values_list("data", flat=True)))
    for wrong in ("", "x", token[:-1], "0" * 64, token.upper()):
        assert find_invitation(wrong) is None


def test_only_whose_proven_address_it_is_joins() -> None:
    email = f"{unique('new')}@people.example"
    _, _, invitation = invited(email)
    with pytest.raises(InvitationForAnotherError):
        accept_invitation(invitation, who(make_user()))
    unproven = make_user(email, verified=False)
    with pytest.raises(InvitationForAnotherError):
        accept_invitation(invitation, who(unproven))
    assert not Membership.objects.filter(user=unproven).exists()


def test_it_ends_by_time_by_being_taken_back_and_with_who_offered_it() -> None:
    person = make_user()
    organizer, owner, invitation = invited(person.email)
    assert not is_open(invitation, NOW + OPEN_FOR)
    with pytest.raises(InvitationEndedError):
        accept_invitation(invitation, who(person, OPEN_FOR))
    Membership.objects.filter(user=owner).update(role=Role.READ_ONLY)
    with pytest.raises(InvitationEndedError):
        accept_invitation(invitation, who(person))
    Membership.objects.filter(user=owner).update(role=Role.OWNER)
    revoke_invitation(organizer, invitation.pk, who(owner))
    with pytest.raises(InvitationEndedError):
        accept_invitation(invitation, who(person))
    for again in (revoke_invitation, invite_again):
        with pytest.raises(InvitationEndedError):
            again(organizer, invitation.pk, who(owner))
    assert not Membership.objects.filter(user=person).exists()


def test_mailing_again_makes_a_new_link_and_new_time() -> None:
    organizer, owner, invitation = invited("new@people.example")
    old = token_of(invitation)
    stale = Invitation.objects.get(pk=invitation.pk)
    later = timedelta(days=3)
    again = invite_again(organizer, invitation.pk, who(owner, later))
    assert find_invitation(old) is None
    assert find_invitation(token_of(again)) == invitation
    assert again.expires_at == NOW + later + OPEN_FOR
    person = make_user("new@people.example")
    with pytest.raises(InvitationEndedError):
        accept_invitation(stale, who(person))  # this browser had opened the older link
    for _ in range(MOST_MAILS - 2):
        invite_again(organizer, invitation.pk, who(owner))
    with pytest.raises(TooManyInvitationsError):
        invite_again(organizer, invitation.pk, who(owner))


def test_one_open_invitation_for_each_address_and_none_for_members() -> None:
    organizer, owner, _ = invited("new@people.example")
    with pytest.raises(AlreadyInvitedError):
        invite(organizer, "NEW@people.example", GATE, who(owner), "en")
    with pytest.raises(AlreadyMemberError):
        invite(organizer, owner.email.upper(), GATE, who(owner), "en")
    later = who(owner, OPEN_FOR)
    invite(organizer, "new@people.example", GATE, later, "en")  # the first one ran out
    other, owner = team()
    invite(other, "new@people.example", GATE, who(owner), "en")  # another team's business


def test_nobody_invites_above_their_own_role() -> None:
    organizer, owner = team()
    manager = make_member(organizer, Role.MANAGER)
    for role in (Role.OWNER, Role.MANAGER):
        with pytest.raises(RoleTooHighError):
            invite(organizer, "new@people.example", Given(role), who(manager), "en")
    invitation = invite(organizer, "new@people.example", Given(Role.MANAGER), who(owner), "en")
    for change in (revoke_invitation, invite_again):
        with pytest.raises(RoleTooHighError):
            change(organizer, invitation.pk, who(manager))
    steward = make_member(organizer, Role.GATE)
    with pytest.raises(ForbiddenError):
        invite(organizer, "other@people.example", GATE, who(steward), "en")
    with pytest.raises(NotFoundError):
        invite(organizer, "other@people.example", GATE, who(make_user()), "en")


def test_an_invitation_of_another_team_is_not_found() -> None:
    organizer, owner = team()
    _, _, foreign = invited("new@people.example")
    for change in (revoke_invitation, invite_again):
        with pytest.raises(NotFoundError):
            change(organizer, foreign.pk, who(owner))
    assert Invitation.objects.get(pk=foreign.pk).revoked_at is None


def test_a_team_has_so_many_open_invitations(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_OPEN == 100
    monkeypatch.setattr("tmam.organizers.invite.MOST_OPEN", 1)
    organizer, owner, _ = invited("new@people.example")
    with pytest.raises(TooManyInvitationsError):
        invite(organizer, "other@people.example", GATE, who(owner), "en")
