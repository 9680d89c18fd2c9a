"""The team in the studio: who sees it, inviting, changing, undoing, the second factor; a fresh proof before changes."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.cast import PASSWORD, give_second_factor, make_event, make_member, make_organizer, unique
from tests.web.proof import prove_freshly
from tmam.accounts.models import User
from tmam.notifications.models import Mail
from tmam.organizers.models import Invitation, Membership, Organizer, Role
from tmam.platform.event_log import drain

pytestmark = pytest.mark.django_db


class Member:
    """A member of a team at the team's pages."""

    def __init__(self, organizer: Organizer, role: str = Role.OWNER, **fields: object) -> None:
        self.organizer = organizer
        self.person = make_member(organizer, role, **fields)
        self.client = Client(headers={"accept-language": "en"})
        self.client.force_login(self.person)
        prove_freshly(self.client, self.person)

    def path(self, page: str = "") -> str:
        return f"/studio/team/{self.organizer.slug}/{page}"

    def words(self, page: str = "") -> str:
        answer = self.client.get(self.path(page))
        assert answer.status_code == 200, page
        return words_in(answer)

    def post(self, page: str, **fields: object) -> HttpResponse:
        return self.client.post(self.path(page), fields)

    def saved(self, page: str, **fields: object) -> str:
        """Send what must be accepted; the team's page after it."""
        answer = self.post(page, **fields)
        assert answer.status_code == 302, words_in(answer)
        assert answer.headers["Location"] == self.path()
        return self.words()


def words_in(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def membership(person: User) -> Membership:
    return Membership.objects.get(user=person)


@pytest.fixture
def owner() -> Member:
    return Member(make_organizer(), name="Ona Owner")


def test_only_owners_and_managers_see_the_team(owner: Member, client: Client) -> None:
    assert client.get(owner.path()).headers["Location"].startswith("/accounts/login/?next=/studio/team/")
    for role in Role:
        client = Member(owner.organizer, role).client
        expected = 200 if role in (Role.OWNER, Role.MANAGER) else 403
        assert client.get(owner.path()).status_code == expected, role
    outsider = Member(make_organizer())
    assert outsider.client.get(owner.path()).status_code == 404
    limited = Member(owner.organizer, Role.MANAGER, events=[make_event(organizer=owner.organizer)])
    assert limited.client.get(owner.path()).status_code == 403


def test_several_teams_have_a_page_each(owner: Member) -> None:
    assert owner.client.get("/studio/team/").headers["Location"] == owner.path()
    other = make_organizer("Brisa")
    Membership.objects.create(organizer=other, user=owner.person, role=Role.OWNER)
    answer = owner.client.get("/studio/team/")
    assert "Aurora Concerts" in words_in(answer)
    assert f"/studio/team/{other.slug}/" in answer.content.decode()
    assert 'href="/studio/team/"' in owner.client.get("/studio/").content.decode()
    assert owner.path() in owner.client.get(f"/studio/?organizer={owner.organizer.slug}").content.decode()


def test_members_are_shown_with_role_events_and_second_factor(owner: Member) -> None:
    event = make_event(organizer=owner.organizer)
    give_second_factor(make_member(owner.organizer, Role.FINANCE, name="Fina Finance"))
    make_member(owner.organizer, Role.GATE, events=[event], name="Gema Gate")
    words = owner.words()
    assert re.search(r"Ona Owner \(you\).*?Owner.*?No second factor", words)
    assert re.search(r"Fina Finance.*?All events.*?Finance Second factor Change", words)
    assert re.search(r"Gema Gate.*?Winter Lights.*?not signed in yet.*?Gate No second factor Change", words)
    assert words.index("Ona Owner") < words.index("Fina Finance") < words.index("Gema Gate")


@pytest.mark.parametrize(
    "page", ["invite/", "members/{id}/", "members/{id}/remove/", "second-factor/", "invitations/{id}/again/"]
)
def test_changes_ask_for_a_fresh_proof(owner: Member, page: str) -> None:
    member = membership(make_member(owner.organizer, Role.GATE))
    client = Client()
    client.force_login(owner.person)
    answer = client.post(owner.path(page.format(id=member.pk)), {"role": "support", "reach": "all"})
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/?next=%2Fstudio%2Fteam%2F")
    member.refresh_from_db()
    assert member.role == Role.GATE


def test_what_was_typed_is_sent_after_the_proof(owner: Member) -> None:
    email = f"{unique('new')}@people.example"
    client = Client()
    client.force_login(owner.person)
    asked = client.post(owner.path("invite/"), {"email": email, "role": "support"})
    client.post(asked.headers["Location"], {"password": PASSWORD, "next": owner.path("invite/")})
    assert Invitation.objects.filter(email=email).exists()


def test_an_invitation_is_mailed_shown_mailed_again_and_taken_back(owner: Member) -> None:
    email = f"{unique('new')}@people.example"
    words = owner.saved("invite/", email=email, role="box_office")
    assert f"We mailed an invitation to {email}." in words
    assert re.search(rf"{email} All events invited by Ona Owner just now Box office ends", words)
    assert f"Ona Owner invited {email}: Box office." in words
    drain()
    invitation = Invitation.objects.get(email=email)
    assert f"We mailed {email} again." in owner.saved(f"invitations/{invitation.pk}/again/")
    drain()
    mails = Mail.objects.filter(to=email)
    assert [mail.template for mail in mails] == ["team_invitation"] * 2
    assert {str(mail.context) for mail in mails} == {str({"invitation_id": invitation.pk})}
    words = owner.saved(f"invitations/{invitation.pk}/revoke/")
    assert f"The invitation to {email} is taken back." in words
    assert "Nobody is invited at the moment." in words
    assert owner.post(f"invitations/{invitation.pk}/again/").status_code == 410


def test_an_invitation_for_chosen_events(owner: Member) -> None:
    event, _ = make_event(organizer=owner.organizer), make_event(organizer=owner.organizer)
    foreign = make_event()
    fields = {"email": "new@people.example", "role": "gate", "reach": "chosen"}
    assert "Choose at least one event" in words_in(owner.post("invite/", **fields))
    assert owner.post("invite/", **fields, events=[foreign.id]).status_code == 422
    assert owner.post("invite/", **(fields | {"role": "owner"}), events=[event.id]).status_code == 422
    assert not Invitation.objects.exists()
    owner.saved("invite/", **fields, events=[event.id])
    invitation = Invitation.objects.get()
    assert (invitation.all_events, invitation.event_ids) == (False, [event.id])


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"email": ""}, ["Enter an e-mail address", "Choose a role"]),
        ({"email": "someone", "role": "gate"}, ["Enter an e-mail address like name@example.org"]),
        ({"email": "a@b.example", "role": "king"}, ["Choose one of these"]),
    ],
)
def test_a_bad_invitation_is_told_at_its_field(
    owner: Member, fields: dict[str, str], told: list[str]
) -> None:
    answer = owner.post("invite/", **fields)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.content.decode()
    assert all(each in words_in(answer) for each in told)


def test_members_and_invited_ones_are_not_invited_again(owner: Member) -> None:
    steward = make_member(owner.organizer, Role.GATE)
    answer = owner.post("invite/", email=steward.email, role="support")
    assert answer.status_code == 422
    assert "This person is in the team already." in words_in(answer)
    owner.saved("invite/", email="new@people.example", role="support")
    answer = owner.post("invite/", email="new@people.example", role="gate")
    assert "This address has an open invitation already." in words_in(answer)


def test_a_manager_is_offered_no_role_as_high_as_their_own(owner: Member) -> None:
    manager = Member(owner.organizer, Role.MANAGER)
    page = manager.client.get(manager.path("invite/")).content.decode()
    assert 'value="finance"' in page
    assert 'value="owner"' not in page
    assert 'value="manager"' not in page
    assert manager.post("invite/", email="new@people.example", role="owner").status_code == 422
    high = membership(owner.person)
    assert manager.client.get(manager.path(f"members/{high.pk}/")).status_code == 403
    assert manager.post(f"members/{high.pk}/remove/").status_code == 403
    assert manager.post("second-factor/", required="yes").status_code == 403
    assert f"members/{high.pk}/" not in manager.client.get(manager.path()).content.decode()


def test_a_member_is_changed_and_changed_back(owner: Member) -> None:
    event = make_event(organizer=owner.organizer)
    steward = make_member(owner.organizer, Role.GATE, events=[event], name="Gema Gate")
    page = owner.client.get(owner.path(f"members/{membership(steward).pk}/")).content.decode()
    assert re.search(r'value="chosen"[^>]*checked', page)
    assert re.search(rf'value="{event.id}"[^>]*checked', page)
    words = owner.saved(f"members/{membership(steward).pk}/", role="support", reach="all")
    assert "Gema Gate: Support now. Undo" in words
    assert "Ona Owner changed Gema Gate: Gate for chosen events before, Support now." in words
    words = owner.saved("undo/")
    assert "Support now. Undo" not in words
    assert (membership(steward).role, membership(steward).event_ids) == (Role.GATE, [event.id])
    assert owner.post("undo/").status_code == 302  # pressed twice: nothing more happens


def test_other_events_are_told_as_such(owner: Member) -> None:
    event = make_event(organizer=owner.organizer)
    steward = make_member(owner.organizer, Role.GATE, events=[event], name="Gema Gate")
    words = owner.saved(f"members/{membership(steward).pk}/", role="gate", reach="all")
    assert "Ona Owner changed for which events Gema Gate works: Gate." in words


def test_a_member_is_removed_and_put_back(owner: Member) -> None:
    steward = make_member(owner.organizer, Role.GATE, name="Gema Gate")
    words = owner.saved(f"members/{membership(steward).pk}/remove/")
    assert "Gema Gate is no longer in the team. Undo" in words
    assert not Membership.objects.filter(user=steward).exists()
    assert "Ona Owner put Gema Gate back: Gate." in owner.saved("undo/")
    assert membership(steward).role == Role.GATE


def test_undoing_what_somebody_else_changed_since_is_refused(owner: Member) -> None:
    steward = membership(make_member(owner.organizer, Role.GATE))
    owner.saved(f"members/{steward.pk}/", role="support")
    Member(owner.organizer).saved(f"members/{steward.pk}/", role="finance")
    assert owner.post("undo/").status_code == 409
    steward.refresh_from_db()
    assert steward.role == Role.FINANCE


def test_an_owner_demoted_meanwhile_undoes_nothing(owner: Member) -> None:
    steward = make_member(owner.organizer, Role.GATE)
    owner.saved(f"members/{membership(steward).pk}/remove/")
    make_member(owner.organizer, Role.OWNER)
    Membership.objects.filter(user=owner.person).update(role=Role.READ_ONLY)
    assert owner.post("undo/").status_code == 403
    assert not Membership.objects.filter(user=steward).exists()


def test_the_last_owner_can_neither_be_demoted_nor_removed_nor_leave(owner: Member) -> None:
    mine = membership(owner.person)
    leave = f"/me/teams/{owner.organizer.slug}/leave/"
    for answer in (
        owner.post(f"members/{mine.pk}/", role="gate"),
        owner.post(f"members/{mine.pk}/remove/"),
        owner.client.post(leave),
    ):
        assert answer.status_code == 409
        assert "organizers.last_owner" in answer.content.decode()
    make_member(owner.organizer, Role.OWNER)
    assert owner.client.post(leave).headers["Location"] == "/me/account/"
    assert owner.client.get(owner.path()).status_code == 404
    assert "You are no longer in the team of Aurora Concerts." in words_in(owner.client.get("/me/account/"))


def test_the_account_s_page_lists_teams_with_role_and_leave(owner: Member) -> None:
    asking = make_organizer("Brisa", requires_second_factor=True)
    Membership.objects.create(organizer=asking, user=owner.person, role=Role.GATE)
    answer = owner.client.get("/me/account/")
    words = words_in(answer)
    assert "Your teams" in words
    assert "Aurora Concerts Owner Leave" in words
    assert re.search(r"Brisa Gate .*Needs a second factor: set one up Leave", words)
    for slug in (asking.slug, owner.organizer.slug):
        assert f'href="/me/teams/{slug}/leave/"' in answer.content.decode()
    page = words_in(owner.client.get(f"/me/teams/{asking.slug}/leave/"))
    assert "Leave the team of Brisa?" in page


def test_an_owner_requires_a_second_factor_and_everybody_is_told(owner: Member) -> None:
    assert "Set up your own second factor first" in owner.words()
    assert owner.post("second-factor/", required="yes").status_code == 403
    give_second_factor(owner.person)
    prove_freshly(owner.client, owner.person)
    steward = make_member(owner.organizer, Role.GATE)
    words = owner.saved("second-factor/", required="yes")
    assert "Everybody in this team now needs a second factor." in words
    assert "Ona Owner made a second factor required for everybody." in words
    owner.saved("second-factor/", required="yes")
    drain()
    mails = Mail.objects.filter(template="team_second_factor")
    assert {mail.to for mail in mails} == {owner.person.email, steward.email}
    assert mails.count() == 2
    assert "A second factor is no longer required" in owner.saved("second-factor/", required="no")


def test_whoever_lacks_the_required_factor_is_led_to_set_one_up(owner: Member) -> None:
    Organizer.objects.filter(pk=owner.organizer.pk).update(requires_second_factor=True)
    for path in (owner.path(), owner.path("invite/"), "/studio/team/", "/studio/"):
        answer = owner.client.get(path)
        assert answer.status_code in (302, 403), path
        assert "/me/account/security/" in answer.headers.get("Location", answer.content.decode())
    answer = owner.client.get(owner.path(), headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (403, "organizers.second_factor_required")


def test_old_invitations_show_that_they_ran_out(owner: Member) -> None:
    owner.saved("invite/", email="new@people.example", role="gate")
    Invitation.objects.update(expires_at=timezone.now())
    assert re.search(r"new@people.example .* Ran out", owner.words())


def test_the_pages_speak_spanish(owner: Member) -> None:
    for page in ("", "invite/"):
        html = owner.client.get(owner.path(page), headers={"accept-language": "es"}).content.decode()
        assert '<html lang="es"' in html
    assert "Taquilla" in html
