"""From the alert to the locked account and back: "this was not me"."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.cast import PASSWORD, make_user
from tests.signing_in import NEW_DEVICE, mailed_code, sign_in, type_password
from tmam.accounts.errors import AccountFrozenError
from tmam.accounts.freezing import freeze, is_frozen, require_not_frozen, thaw
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Device, Freeze, SecurityEntry, User
from tmam.accounts.not_me_links import sign_not_me_link
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.platform.event_log import NO_EVENT, drain
from tmam.platform.models import LogEntry

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "three quiet lanterns"
PAGE = "/accounts/not-me/"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """The limits of the tests before."""
    cache.clear()


@pytest.fixture
def person() -> User:
    return make_user(language="en")


def mails(to: str, template: str) -> list[Mail]:
    drain()
    return list(Mail.objects.filter(to=to, template=f"account.{template}").order_by("id"))


def link_of(person: User) -> str:
    """The button of the newest alert, as it was mailed."""
    plain = str(compose_mail(mails(person.email, "new_device")[-1], timezone.now()).body)
    found = re.search(r"http://\S+/accounts/not-me/\?t=(\S+)", plain)
    assert found is not None, plain
    return found[1]


def is_signed_in(client: Client) -> bool:
    return client.get("/me/account/").status_code == 200


def reset(client: Client, person: User) -> str:
    client.post("/accounts/password/reset/", {"email": person.email})
    client.post("/accounts/password/reset/confirm/", {"code": mailed_code(person.email)})
    answer = client.post("/accounts/password/reset/complete/", {"password1": NEW_PASSWORD})
    return str(answer.headers["Location"])


def test_the_alert_says_what_where_and_when(person: User) -> None:
    sign_in(Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/132.0"}), person.email)
    (mail,) = mails(person.email, "new_device")
    message = compose_mail(mail, timezone.now())
    assert message.subject == "Signed in from a new browser"
    for words in ("Firefox on Windows", "127.0.0.1", "UTC", "This was not me"):
        assert words in str(message.body)
    assert "t=" not in str(mail.context), "the link is kept nowhere"


def test_one_button_locks_everything(person: User) -> None:
    owner, thief, mailbox = Client(), Client(), Client()
    sign_in(owner, person.email)
    sign_in(thief, person.email)
    secret = link_of(person)
    page = mailbox.get(PAGE, {"t": secret})
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert "Lock your account?" in page.content.decode()
    assert not is_frozen(person.pk), "opening the link changes nothing: mail scanners do it, too"

    assert mailbox.post(PAGE, {"t": secret}).headers["Location"] == "/accounts/frozen/"
    assert is_frozen(person.pk)
    assert not is_signed_in(owner)
    assert not is_signed_in(thief)
    assert not Device.objects.filter(user=person, forgotten_at=None).exists()
    assert type_password(thief, person.email).status_code == 200, "the password no longer works"
    with pytest.raises(AccountFrozenError):
        require_not_frozen(person.pk)


def test_the_desk_gets_a_case_and_the_owner_a_letter(person: User, settings: Settings) -> None:
    sign_in(Client(), person.email)
    secret = link_of(person)
    Client().post(PAGE, {"t": secret})
    (letter,) = mails(person.email, "account_frozen")
    assert "/accounts/password/reset/" in str(compose_mail(letter, timezone.now()).body)
    fact = LogEntry.objects.get(event_id=NO_EVENT, name=Happening.CASE_RAISED, data__user_id=person.pk)
    assert set(fact.data) == {"user_id", "entry_id", "alert_entry_id", "since", "taken_back", "needs_staff"}
    desk = settings.TMAM.support_email
    cases = [mail for mail in mails(desk, "case_raised") if mail.context["user_id"] == person.pk]
    assert len(cases) == 1
    message = compose_mail(cases[0], timezone.now())
    assert f"account {person.pk}" in message.subject
    assert person.email not in str(message.body)


def test_using_the_link_again_does_no_harm(person: User) -> None:
    sign_in(Client(), person.email)
    secret = link_of(person)
    for _ in range(3):
        assert Client().post(PAGE, {"t": secret}).status_code == 302
    assert Freeze.objects.filter(user=person).count() == 1
    assert "Your account is locked" in Client().get(PAGE, {"t": secret}).content.decode()
    reset(Client(), person)
    assert "You told us already" in Client().get(PAGE, {"t": secret}).content.decode()
    Client().post(PAGE, {"t": secret})
    assert not is_frozen(person.pk), "an alert that was answered locks nothing a second time"
    assert len(mails(person.email, "account_frozen")) == 1


def test_links_that_are_not_ours_cut_off_or_old_say_so(person: User) -> None:
    sign_in(Client(), person.email)
    secret = link_of(person)
    entry = SecurityEntry.objects.filter(user=person, name=Happening.DEVICE_ADDED).first()
    other = make_user()
    broken = ["", secret[:-3], secret + "x", "1-2-3.x", secret.replace(str(person.pk), str(other.pk), 1)]
    for text in broken:
        for answer in (Client().get(PAGE, {"t": text}), Client().post(PAGE, {"t": text})):
            assert answer.status_code == 404
            assert "accounts.alert_link_not_valid" in answer.content.decode()
    old = sign_not_me_link(person.pk, entry.pk, now=timezone.now() - timedelta(days=7, minutes=1))
    answer = Client().post(PAGE, {"t": old})
    assert answer.status_code == 410
    assert "accounts.alert_link_ended" in answer.content.decode()
    foreign = sign_not_me_link(other.pk, entry.pk, now=timezone.now())
    assert Client().post(PAGE, {"t": foreign}).status_code == 404, "somebody else's entry"
    assert not is_frozen(person.pk)
    assert not is_frozen(other.pk)


def test_a_new_password_by_mailed_code_opens_it(person: User) -> None:
    freeze(person.pk, alert_entry_id=None, now=timezone.now())
    client = Client()
    assert reset(client, person) == "/me/tickets/"
    assert is_signed_in(client)
    assert not is_frozen(person.pk)
    require_not_frozen(person.pk)
    assert len(mails(person.email, "account_thawed")) == 1
    assert Freeze.objects.get(user=person).thawed_by == f"user:{person.pk}"


def test_no_other_way_in_opens_it(person: User) -> None:
    """Whoever got as far as a step of signing in before the account was locked stays outside."""
    waiting = Client()
    assert type_password(waiting, person.email).headers["Location"] == NEW_DEVICE
    code = mailed_code(person.email)
    freeze(person.pk, alert_entry_id=None, now=timezone.now())
    person.refresh_from_db()
    assert waiting.post(NEW_DEVICE, {"code": code}).headers["Location"] == "/accounts/frozen/"
    assert not is_signed_in(waiting)
    person.set_password(PASSWORD)  # however it got a password again
    person.save()
    client = Client()
    assert sign_in(client, person.email).headers["Location"] == "/accounts/frozen/"
    assert not is_signed_in(client)
    assert "locked" in client.get("/accounts/frozen/").content.decode()
    assert is_frozen(person.pk)


def test_staff_opens_it_with_a_reason_once(person: User) -> None:
    freeze(person.pk, alert_entry_id=None, now=timezone.now())
    now = timezone.now()
    assert thaw(person.pk, by="staff:3", reason="Called back at the known number.", now=now)
    assert not thaw(person.pk, by="staff:3", reason="Again.", now=now)
    entry = SecurityEntry.objects.get(user=person, name=Happening.THAWED)
    assert (entry.actor, entry.reason) == ("staff:3", "Called back at the known number.")


def test_the_letters_speak_spanish(person: User) -> None:
    User.objects.filter(pk=person.pk).update(language="es")
    person.refresh_from_db()
    sign_in(Client(), person.email)
    Client().post(PAGE, {"t": link_of(person)})
    reset(Client(), person)
    subjects = {
        template: compose_mail(mails(person.email, template)[0], timezone.now()).subject
        for template in ("new_device", "account_frozen", "account_thawed")
    }
    assert subjects == {
        "new_device": "Inicio de sesión desde un navegador nuevo",
        "account_frozen": "Tu cuenta está bloqueada",
        "account_thawed": "Tu cuenta está abierta de nuevo",
    }
