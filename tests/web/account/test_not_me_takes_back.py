"""*Not me* cannot be undone by the thief: whatever they added, changed or took away since the alert."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pyotp
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.cast import PASSWORD, make_user, unique
from tests.signing_in import mailed_code, sign_in
from tests.web.account.factor_help import make_protected, sign_in_with_app
from tmam.accounts.devices import add_device
from tmam.accounts.freezing import is_frozen, thaw
from tmam.accounts.happenings import Happening
from tmam.accounts.models import (
    Freeze,
    Phone,
    RecoveryCodeSet,
    RecoveryKind,
    RecoveryRequest,
    RecoveryState,
    SecurityEntry,
    User,
)
from tmam.accounts.not_me_links import sign_not_me_link
from tmam.accounts.recovery_codes import make_codes
from tmam.accounts.security_log import NOWHERE
from tmam.accounts.totp import add_app, app_of, new_secret
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.platform.event_log import drain

RESET_FACTOR = "/accounts/password/reset/factor/"
pytestmark = pytest.mark.django_db
NEW_PASSWORD = "three quiet lanterns"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """The limits of the tests before."""
    cache.clear()


@pytest.fixture
def person() -> User:
    return make_user(language="en")


@pytest.fixture
def thief(person: User) -> Client:
    """Somebody who got in with the password and one mailed code."""
    client = Client()
    sign_in(client, person.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def press(person: User) -> Client:
    """The owner says that the newest alert was not them; the browser they did it in."""
    entry = SecurityEntry.objects.filter(user=person, name=Happening.DEVICE_ADDED).latest("id")
    mailbox = Client()
    secret = sign_not_me_link(person.pk, entry.pk, now=timezone.now())
    assert mailbox.post("/accounts/not-me/", {"t": secret}).status_code == 302
    assert is_frozen(person.pk)
    return mailbox


def page_of(client: Client) -> str:
    return client.get("/accounts/frozen/").content.decode()


def ask_reset(client: Client, email: str) -> bool:
    """Whether a code to this address resets a password."""
    client.post("/accounts/password/reset/", {"email": email})
    return Mail.objects.filter(to=email, template="account.password_reset_code").exists()


def reset(client: Client, email: str) -> str:
    """Choose a new password by a code to this address; where it leads."""
    assert ask_reset(client, email)
    client.post("/accounts/password/reset/confirm/", {"code": mailed_code(email)})
    answer = client.post("/accounts/password/reset/complete/", {"password1": NEW_PASSWORD})
    return str(answer.headers["Location"])


def owner_gets_back_in(person: User) -> None:
    client = Client()
    assert reset(client, person.email) == "/me/tickets/"
    assert client.get("/me/account/").status_code == 200
    assert not is_frozen(person.pk)


def add_address(client: Client) -> str:
    """Add an address and prove it."""
    email = f"{unique('thief')}@elsewhere.example"
    client.post("/accounts/email/", {"action_add": "", "email": email})
    client.post("/accounts/confirm-email/", {"code": mailed_code(email)})
    assert EmailAddress.objects.filter(email=email, verified=True).exists()
    return email


def test_an_address_that_was_added(person: User, thief: Client) -> None:
    added = add_address(thief)
    assert ask_reset(Client(), added)
    Mail.objects.filter(to=added).delete()
    mailbox = press(person)
    assert "E-mail addresses that were added are removed." in page_of(mailbox)
    assert "were added are removed" not in page_of(Client()), "nobody else reads it"
    assert not ask_reset(thief, added)
    owner_gets_back_in(person)
    drain()
    news = Mail.objects.filter(template__in=["account.account_frozen", "account.account_thawed"])
    assert {mail.to for mail in news.filter(context__user_id=person.pk)} == {person.email}
    letter = compose_mail(
        news.get(template="account.account_frozen", context__user_id=person.pk), timezone.now()
    )
    assert "E-mail addresses that were added are removed." in re.sub(r"\s+", " ", str(letter.body))
    entry = SecurityEntry.objects.get(user=person, name=Happening.FROZEN)
    assert entry.details["taken_back"] == {"addresses": 1}


def test_a_main_address_that_was_changed(person: User, thief: Client) -> None:
    added = add_address(thief)
    thief.post("/accounts/email/", {"action_primary": "", "email": added})
    assert User.objects.get(pk=person.pk).email == added
    mailbox = press(person)
    assert "again the one of before" in page_of(mailbox)
    assert User.objects.get(pk=person.pk).email == person.email
    assert EmailAddress.objects.get(user=person, primary=True).email == person.email
    Mail.objects.filter(to=added).delete()
    assert not ask_reset(thief, added)
    owner_gets_back_in(person)


def test_a_main_address_that_was_removed(person: User, thief: Client) -> None:
    added = add_address(thief)
    thief.post("/accounts/email/", {"action_primary": "", "email": added})
    thief.post("/accounts/email/", {"action_remove": "", "email": person.email})
    assert not EmailAddress.objects.filter(email=person.email).exists()
    assert "that were removed are back" in page_of(press(person))
    assert list(EmailAddress.objects.filter(user=person).values_list("email", "verified", "primary")) == [
        (person.email, True, True)
    ]
    Mail.objects.filter(to=added).delete()
    assert not ask_reset(thief, added)
    owner_gets_back_in(person)


def test_a_removed_address_that_is_somebody_elses_by_now_is_for_staff(person: User, thief: Client) -> None:
    added = add_address(thief)
    thief.post("/accounts/email/", {"action_primary": "", "email": added})
    thief.post("/accounts/email/", {"action_remove": "", "email": person.email})
    make_user(person.email)
    assert "only our support desk can open the account" in page_of(press(person))
    found = User.objects.get(pk=person.pk)
    assert found.email == f"account-{person.pk}@locked.invalid"
    assert not EmailAddress.objects.filter(user=person).exists()
    Mail.objects.filter(to=added).delete()
    assert not ask_reset(thief, added)


def test_a_reset_that_was_half_done_when_the_account_was_locked(person: User, thief: Client) -> None:
    added = add_address(thief)
    half = Client()
    ask_reset(half, added)
    half.post("/accounts/password/reset/confirm/", {"code": mailed_code(added)})
    press(person)
    answer = half.post("/accounts/password/reset/complete/", {"password1": NEW_PASSWORD})
    assert answer.headers["Location"] == "/accounts/frozen/"
    assert is_frozen(person.pk)
    assert not EmailAddress.objects.filter(email=added).exists()
    assert not User.objects.get(pk=person.pk).has_usable_password()
    assert half.get("/me/account/").status_code == 302
    owner_gets_back_in(person)


def test_an_app_and_recovery_codes_that_were_added(person: User, thief: Client) -> None:
    secret, now = new_secret(), timezone.now()
    assert add_app(person.pk, secret, pyotp.TOTP(secret).at(now), now=now)
    make_codes(person.pk, now=now)
    assert reset(Client(), person.email).startswith(RESET_FACTOR), (
        "the owner would be asked for the thief's app"
    )
    press(person)
    assert app_of(person.pk) is None
    assert not RecoveryCodeSet.objects.filter(user=person).exists()
    assert Freeze.objects.get(user=person).taken_back == {"apps": 1, "recovery_codes": 1}
    owner_gets_back_in(person)


def test_a_passkey_that_was_added(person: User, thief: Client) -> None:
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "mine"}, created_at=timezone.now()
    )
    press(person)
    assert not Authenticator.objects.filter(user=person).exists()
    assert Freeze.objects.get(user=person).taken_back == {"passkeys": 1}
    owner_gets_back_in(person)


@pytest.mark.parametrize("before", ["", "+34600111333"])
@pytest.mark.parametrize("since", ["", "+34600111444"])
def test_a_phone_that_was_added_changed_or_removed(before: str, since: str) -> None:
    person, now = make_user(language="en"), timezone.now()
    if before:
        Phone.objects.create(user=person, number=before, added_at=now - timedelta(days=3))
    add_device(person.pk, key="", visit=NOWHERE, now=now)
    Phone.objects.filter(user=person).delete()
    if since:
        Phone.objects.create(user=person, number=since, added_at=now)
    press(person)
    assert list(Phone.objects.filter(user=person).values_list("number", flat=True)) == (
        [before] if before else []
    )
    assert Freeze.objects.get(user=person).taken_back == ({"phones": 1} if before != since else {})
    assert not Freeze.objects.get(user=person).needs_staff
    if not before:
        owner_gets_back_in(person)


def test_a_sign_in_service_that_was_connected_or_taken_off(person: User) -> None:
    old = SocialAccount.objects.create(user=person, provider="acme", uid=unique("old"))
    sign_in(Client(), person.email)
    SocialAccount.objects.create(user=person, provider="other", uid=unique("thief"))
    old.delete()
    press(person)
    assert not SocialAccount.objects.filter(user=person).exists()
    assert Freeze.objects.get(user=person).taken_back == {"services": 1, "services_lost": 1}
    owner_gets_back_in(person)


def test_a_user_name_that_was_changed(person: User, thief: Client) -> None:
    name = unique("thief")
    thief.post("/me/account/name/", {"username": name})
    assert User.objects.get(pk=person.pk).username == name
    press(person)
    assert User.objects.get(pk=person.pk).username is None
    assert Freeze.objects.get(user=person).taken_back == {"username": 1}
    owner_gets_back_in(person)


def test_help_with_signing_in_that_was_asked_for(person: User, thief: Client) -> None:
    ask = partial(
        RecoveryRequest.objects.create, user=person, kind=RecoveryKind.EMAIL, language="en", network=""
    )
    for state in (RecoveryState.UNPROVEN, RecoveryState.ASKED):
        ask(state=state, old_email=person.email, new_email="thief@elsewhere.example", begun_at=timezone.now())
    press(person)
    assert [row.state for row in RecoveryRequest.objects.filter(user=person)] == [RecoveryState.CANCELLED]


def test_an_app_that_was_removed_leaves_the_opening_to_staff() -> None:
    owner = make_protected(language="en")
    person = owner.user
    sign_in_with_app(Client(), owner)
    app_of(person.pk).delete()  # type: ignore[union-attr]
    mailbox = press(person)
    assert "only our support desk can open the account" in page_of(mailbox)
    assert "password/reset" not in page_of(mailbox).partition("<main")[2]
    client = Client()
    assert reset(client, person.email) == "/accounts/frozen/"
    assert "only our support desk can open the account" in page_of(client)
    assert is_frozen(person.pk)
    assert not User.objects.get(pk=person.pk).has_usable_password()
    drain()
    for template in ("account_frozen", "case_raised"):
        mail = Mail.objects.get(template=f"account.{template}", context__user_id=person.pk)
        assert "could not be put back" in re.sub(r"\s+", " ", str(compose_mail(mail, timezone.now()).body))
    assert thaw(person.pk, by="staff:3", reason="Called back.", now=timezone.now())
    assert reset(client, person.email) == "/me/tickets/"


def test_what_was_there_before_the_alert_stays() -> None:
    owner = make_protected(language="en", username=unique("owner"))
    person = owner.user
    second = EmailAddress.objects.create(user=person, email=f"{unique('second')}@x.example", verified=True)
    sign_in_with_app(Client(), owner)
    press(person)
    lock = Freeze.objects.get(user=person)
    assert (lock.taken_back, lock.needs_staff) == ({}, False)
    assert app_of(person.pk) is not None
    assert RecoveryCodeSet.objects.filter(user=person).exists()
    assert User.objects.get(pk=person.pk).username == person.username
    drain()
    told = Mail.objects.filter(template="account.account_frozen", context__user_id=person.pk)
    assert {mail.to for mail in told} == {person.email, second.email}
    assert reset(Client(), second.email).startswith(RESET_FACTOR), "the owner's own factor is asked for"


def test_the_earlier_of_two_alerts_goes_back_further(person: User, thief: Client) -> None:
    """A thief who signs in from a second browser puts their address before the second alert, not before the first."""
    first = SecurityEntry.objects.get(user=person, name=Happening.DEVICE_ADDED)
    added = add_address(thief)
    sign_in(Client(), person.email)
    press(person)
    assert EmailAddress.objects.filter(email=added).exists()
    secret = sign_not_me_link(person.pk, first.pk, now=timezone.now())
    assert "Lock your account?" in Client().get("/accounts/not-me/", {"t": secret}).content.decode()
    for _ in range(2):
        Client().post("/accounts/not-me/", {"t": secret})
    assert not EmailAddress.objects.filter(email=added).exists()
    assert Freeze.objects.get(user=person).taken_back == {"addresses": 1}
    assert "Your account is locked" in Client().get("/accounts/not-me/", {"t": secret}).content.decode()
    owner_gets_back_in(person)
