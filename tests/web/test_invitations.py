"""Being invited: the link from the mail, signing up or in on the way, joining; and what others can do with it."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.cast import make_member, make_organizer, make_user, unique
from tests.signing_in import sign_in
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.organizers.change_team import Given
from tmam.organizers.invite import invite, invite_again, revoke_invitation
from tmam.organizers.models import Invitation, Membership, Organizer, Role
from tmam.organizers.team_log import Who
from tmam.platform.event_log import drain

pytestmark = pytest.mark.django_db
PAGE = "/me/invitations/"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def words_in(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def who(organizer: Organizer) -> Who:
    owner = Membership.objects.filter(organizer=organizer, role=Role.OWNER).first()
    person = owner.user if owner else make_member(organizer, Role.OWNER, name="Ona Owner")
    return Who(person, timezone.now())


def invited(email: str, role: str = Role.BOX_OFFICE, language: str = "en") -> Invitation:
    organizer = make_organizer()
    return invite(organizer, email, Given(role), who(organizer), language)


def mailed_link(email: str) -> str:
    """The link in the newest mail to this address, without our origin."""
    drain()
    mail = Mail.objects.filter(to=email).latest("id")
    text = str(compose_mail(mail, timezone.now()).body)
    found = re.search(rf"{re.escape(settings.SITE_ORIGIN)}(/me/invitations/open/\?t=[0-9a-f]{{64}})\s", text)
    assert found is not None, text
    return found[1]


def test_the_letter_says_who_invites_to_what(client: Client) -> None:
    del client
    invited("new@people.example")
    drain()
    message = compose_mail(Mail.objects.get(to="new@people.example"), timezone.now())
    assert message.subject == "Join the team of Aurora Concerts"
    text = " ".join(str(message.body).split())
    assert "Ona Owner invites you to work for Aurora Concerts on tmam." in text
    assert "Your role: Box office" in text


def test_the_letter_is_in_the_language_of_who_invited() -> None:
    invited("nueva@people.example", language="es")
    drain()
    message = compose_mail(Mail.objects.get(to="nueva@people.example"), timezone.now())
    assert "Taquilla" in str(message.body)


def test_the_secret_leaves_the_address_at_once(client: Client) -> None:
    invited("new@people.example")
    link = mailed_link("new@people.example")
    answer = client.get(link)
    assert answer.headers["Location"] == PAGE
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    secret = link.rpartition("=")[2]
    assert secret not in str(dict(client.session.items()))
    assert secret not in client.get(PAGE).content.decode()


def test_a_new_person_signs_up_on_the_way_and_joins(client: Client) -> None:
    email = f"{unique('new')}@people.example"
    invitation = invited(email)
    client.get(mailed_link(email))
    words = words_in(client.get(PAGE))
    assert "Join the team of Aurora Concerts" in words
    assert "Ona Owner invites you." in words
    assert "Create an account" in words
    assert f'value="{email}"' in client.get(f"/accounts/signup/?next={PAGE}").content.decode()
    client.post("/accounts/signup/", {"email": email, "password1": "three quiet lanterns"})
    code = Mail.objects.filter(to=email, template="account.email_confirmation_signup").get().context["code"]
    assert client.post("/accounts/confirm-email/", {"code": code}).headers["Location"] == PAGE
    assert client.post(PAGE).headers["Location"] == "/studio/"
    member = Membership.objects.get(organizer=invitation.organizer, role=Role.BOX_OFFICE)
    assert member.user.email == email
    assert client.get("/studio/").status_code == 200
    assert client.get(PAGE).status_code == 410


def test_who_has_an_account_signs_in_on_the_way(client: Client) -> None:
    person = make_user()
    invited(person.email, Role.GATE)
    client.get(mailed_link(person.email))
    assert sign_in(client, person.email).headers["Location"] == PAGE
    assert client.post(PAGE).headers["Location"] == "/gate/"


def test_another_account_is_told_and_does_not_get_in(client: Client) -> None:
    invitation = invited("new@people.example")
    client.force_login(make_user("other@people.example"))
    client.get(mailed_link("new@people.example"))
    words = words_in(client.get(PAGE))
    assert "You are signed in as other@people.example. The invitation went to new@people.example" in words
    assert "Join the team</button>" not in client.get(PAGE).content.decode()
    answer = client.post(PAGE)
    assert answer.status_code == 403
    assert "organizers.invitation_for_another" in answer.content.decode()
    assert not Membership.objects.filter(organizer=invitation.organizer, role=Role.BOX_OFFICE).exists()


def test_a_visitor_who_is_not_signed_in_cannot_join(client: Client) -> None:
    invited("new@people.example")
    client.get(mailed_link("new@people.example"))
    assert client.post(PAGE).headers["Location"].startswith("/accounts/login/")


def test_dead_links_read_alike(client: Client) -> None:
    email = "new@people.example"
    invitation = invited(email)
    old = mailed_link(email)
    organizer = invitation.organizer
    invite_again(organizer, invitation.pk, who(organizer))
    new = mailed_link(email)
    assert client.get(new).status_code == 302
    revoke_invitation(organizer, invitation.pk, who(organizer))
    for path in (old, new, "/me/invitations/open/", f"/me/invitations/open/?t={'0' * 64}", PAGE):
        answer = client.get(path)
        assert answer.status_code == 410, path
        assert "organizers.invitation_ended" in answer.content.decode()


def test_a_link_that_was_opened_before_a_newer_mail_ends(client: Client) -> None:
    person = make_user()
    invitation = invited(person.email)
    client.force_login(person)
    client.get(mailed_link(person.email))
    invite_again(invitation.organizer, invitation.pk, who(invitation.organizer))
    assert client.post(PAGE).status_code == 410
    assert not Membership.objects.filter(user=person).exists()


def test_not_now_leaves_the_invitation_open(client: Client) -> None:
    person = make_user()
    invited(person.email)
    client.force_login(person)
    client.get(mailed_link(person.email))
    assert client.post("/me/invitations/later/").headers["Location"] == "/me/tickets/"
    assert client.get(PAGE).status_code == 410
    client.get(mailed_link(person.email))
    assert client.post(PAGE).status_code == 302


def test_the_team_s_second_factor_is_announced(client: Client) -> None:
    invitation = invited("new@people.example")
    Organizer.objects.filter(pk=invitation.organizer_id).update(requires_second_factor=True)
    client.get(mailed_link("new@people.example"))
    assert "This team requires one." in words_in(client.get(PAGE))
