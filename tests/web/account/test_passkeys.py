"""Passkeys through the pages, by an authenticator in software: added, signed in with, asked for again, removed."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.accounts.passkeys.keyring import give_key
from tests.accounts.passkeys.soft_authenticator import SoftAuthenticator
from tests.cast import PASSWORD, make_user
from tests.signing_in import sign_in
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Passkey, SecurityEntry, User
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.platform.event_log import drain

pytestmark = pytest.mark.django_db
ORIGIN = settings.TMAM.origin


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def prove(client: Client) -> None:
    """A fresh proof by password, for people without a factor."""
    client.post(
        "/accounts/reauthenticate/?next=/accounts/passkeys/", {"code": PASSWORD, "password": PASSWORD}
    )


def asked(page: str) -> tuple[dict[str, Any], str]:
    """The challenge in a page, as its script reads it."""
    found = re.search(r'<script id="passkey-options" type="application/json">(.*?)</script>', page)
    assert found, page
    both = json.loads(html.unescape(found[1]))
    return both["options"], both["ceremony"]


def answer(key: SoftAuthenticator, options: dict[str, Any], ceremony: str, **wrong: Any) -> dict[str, str]:
    credential = key.sign(options, **({"origin": ORIGIN} | wrong))
    return {"credential": json.dumps(credential), "ceremony": ceremony}


def challenge(client: Client) -> tuple[dict[str, Any], str]:
    both = client.post("/accounts/passkeys/sign-in/options/").json()
    return both["options"], both["ceremony"]


def is_signed_in(client: Client) -> bool:
    return client.get("/me/account/").status_code == 200


def mails_to(user: User) -> list[str]:
    drain()
    mails = Mail.objects.filter(to=user.email).order_by("id")
    return [str(compose_mail(mail, timezone.now()).subject) for mail in mails]


def with_key(**fields: Any) -> tuple[User, SoftAuthenticator]:
    user = make_user()
    key, _ = give_key(user, now=timezone.now(), **fields)
    return user, key


def test_adding_a_passkey_by_its_page(client: Client) -> None:
    user, key = make_user(), SoftAuthenticator(is_synced=True)
    sign_in(client, user.email)
    prove(client)
    page = client.get("/accounts/passkeys/add/", headers={"user-agent": "Mozilla/5.0 (iPhone; …)"})
    assert 'value="iPhone"' in page.content.decode(), "a name is proposed"
    assert page.headers["Cache-Control"].startswith("max-age=0")
    options, ceremony = asked(page.content.decode())
    sent = {
        "name": "My phone",
        "credential": json.dumps(key.make(options, origin=ORIGIN)),
        "ceremony": ceremony,
    }
    response = client.post("/accounts/passkeys/add/", sent)
    assert response.headers["Location"] == "/accounts/recovery-codes/", (
        "the first factor brings recovery codes"
    )
    listed = client.get("/accounts/passkeys/").content.decode()
    assert "My phone" in listed
    assert "On all your devices" in listed
    assert "A passkey was added to your account" in mails_to(user)

    again = client.post("/accounts/passkeys/add/", sent).content.decode()
    assert "sent twice" in again
    assert Passkey.objects.filter(authenticator__user=user).count() == 1


def test_a_passkey_alone_signs_in_and_needs_no_second_step(client: Client) -> None:
    user, key = with_key()
    page = client.get("/accounts/login/?next=/me/account/").content.decode()
    assert page.index("Sign in with a passkey") < page.index('name="password"'), "offered first"
    assert 'autocomplete="username webauthn"' in page
    sent = answer(key, *challenge(client)) | {"next": "/me/account/"}
    response = client.post("/accounts/passkeys/sign-in/", sent)
    assert response.headers["Location"] == "/me/account/"
    assert is_signed_in(client)
    assert SecurityEntry.objects.filter(user=user, name=Happening.SIGNED_IN).exists()


def test_going_on_leads_to_our_own_pages_only(client: Client) -> None:
    _, key = with_key()
    sent = answer(key, *challenge(client)) | {"next": "https://evil.example/"}
    response = client.post("/accounts/passkeys/sign-in/", sent)
    assert response.headers["Location"] == "/me/tickets/"


def test_a_replayed_answer_signs_nobody_in(client: Client) -> None:
    _, key = with_key(key=SoftAuthenticator(is_synced=True))
    sent = answer(key, *challenge(client))
    thief = Client()
    thief.cookies = client.cookies  # even from the very same browser
    client.post("/accounts/passkeys/sign-in/", sent)
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    for other in (client, thief, Client()):
        response = other.post("/accounts/passkeys/sign-in/", sent)
        assert response.headers["Location"] == "/accounts/login/"
        assert not is_signed_in(other)


@pytest.mark.parametrize(
    "wrong", [{"origin": "https://tmam.evil.example"}, {"rp_id": "evil.example"}, {"is_forged": True}]
)
def test_wrong_answers_sign_nobody_in_and_say_little(client: Client, wrong: dict[str, Any]) -> None:
    _, key = with_key()
    client.post("/accounts/passkeys/sign-in/", answer(key, *challenge(client), **wrong))
    assert "That did not work. Try again." in client.get("/accounts/login/").content.decode()
    assert not is_signed_in(client)


def test_the_host_header_is_not_believed(client: Client) -> None:
    _, key = with_key()
    options, ceremony = challenge(Client())
    response = client.post(
        "/accounts/passkeys/sign-in/options/",
        headers={"host": "127.0.0.1:8000", "origin": "http://evil.example"},
    )
    assert response.json()["options"]["publicKey"]["rpId"] == settings.TMAM.host
    assert key.sign(options)
    assert ceremony


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"credential": "{", "ceremony": "x"},
        {"credential": "7", "ceremony": "x"},
        {"credential": "[" * 9000, "ceremony": "x"},
        {"credential": '{"id": "\\u0000"}', "ceremony": "x"},
    ],
)
def test_nonsense_is_answered_in_words(client: Client, sent: dict[str, str]) -> None:
    assert client.post("/accounts/passkeys/sign-in/", sent).headers["Location"] == "/accounts/login/"
    assert client.post("/accounts/passkeys/sign-in/", sent | {"next": "/me/account/"}).headers[
        "Location"
    ] == ("/accounts/login/?next=%2Fme%2Faccount%2F")
    assert "notice--danger" in client.get("/accounts/login/").content.decode()


def test_a_copied_key_is_refused_and_its_owner_is_told(client: Client) -> None:
    user, key = with_key()
    copy = dataclasses.replace(key)
    client.post("/accounts/passkeys/sign-in/", answer(key, *challenge(client)))
    client.post("/accounts/logout/")
    client.post("/accounts/passkeys/sign-in/", answer(copy, *challenge(client)))
    assert not is_signed_in(client)
    assert "There may be a copy of this key" in client.get("/accounts/login/").content.decode()
    assert "One of your keys may have been copied" in mails_to(user)
    client.post("/accounts/passkeys/sign-in/", answer(key, *challenge(client)))
    assert "answered out of turn" in client.get("/accounts/passkeys/").content.decode()


def test_a_security_key_is_the_second_step_and_never_the_only_one(client: Client) -> None:
    user, key = with_key(is_passkey=False)
    client.post("/accounts/passkeys/sign-in/", answer(key, *challenge(client)))
    assert not is_signed_in(client)

    assert sign_in(client, user.email).headers["Location"] == "/accounts/second-factor/"
    page = client.get("/accounts/second-factor/").content.decode()
    assert "Use the passkey or key" in page
    options, ceremony = asked(page)
    assert len(options["publicKey"]["allowCredentials"]) == 1
    forged = client.post(
        "/accounts/second-factor/?with=passkey", answer(key, options, ceremony, is_forged=True)
    )
    assert "was not accepted" in forged.content.decode()
    assert not is_signed_in(client)
    options, ceremony = asked(forged.content.decode())
    client.post("/accounts/second-factor/?with=passkey", answer(key, options, ceremony))
    assert is_signed_in(client)


def test_another_persons_key_is_no_second_step(client: Client) -> None:
    user, _ = with_key()
    _, other_key = with_key()
    sign_in(client, user.email)
    options, ceremony = asked(client.get("/accounts/second-factor/").content.decode())
    client.post("/accounts/second-factor/?with=passkey", answer(other_key, options, ceremony))
    assert not is_signed_in(client)


def test_step_up_asks_for_the_passkey_and_then_goes_on(client: Client) -> None:
    _, key = with_key()
    client.post("/accounts/passkeys/sign-in/", answer(key, *challenge(client)))
    where = client.get("/accounts/passkeys/add/").headers["Location"]
    assert where.startswith("/accounts/reauthenticate/")
    options, ceremony = asked(client.get(where).content.decode())
    sent = answer(key, options, ceremony) | {"next": "/accounts/passkeys/add/"}
    response = client.post("/accounts/reauthenticate/?with=passkey", sent)
    assert response.headers["Location"] == "/accounts/passkeys/add/"
    assert client.get("/accounts/passkeys/add/").status_code == 200


def proven(client: Client, key: SoftAuthenticator) -> None:
    client.post("/accounts/passkeys/sign-in/", answer(key, *challenge(client)))
    where = client.get("/accounts/passkeys/add/").headers["Location"]
    options, ceremony = asked(client.get(where).content.decode())
    client.post("/accounts/reauthenticate/?with=passkey", answer(key, options, ceremony))


def test_a_key_gets_another_name_and_is_removed(client: Client) -> None:
    user, key = with_key()
    proven(client, key)
    kept = Passkey.objects.get(authenticator__user=user)
    page = f"/accounts/passkeys/{kept.pk}/"
    client.post(page, {"name": "Grandmother's <b>phone</b>"})
    assert "Grandmother&#x27;s &lt;b&gt;phone" in client.get("/accounts/passkeys/").content.decode()
    assert client.post(page, {"name": ""}).status_code == 200
    assert client.post(page, {"remove": "1"}).headers["Location"] == "/accounts/passkeys/"
    assert not Passkey.objects.filter(authenticator__user=user).exists()
    assert "A passkey was removed from your account" in mails_to(user)
    names = SecurityEntry.objects.filter(user=user).values_list("name", flat=True)
    assert {Happening.PASSKEY_RENAMED, Happening.PASSKEY_REMOVED} <= set(names)


def test_other_peoples_keys_are_not_there(client: Client) -> None:
    _, key = with_key()
    other, _ = with_key()
    proven(client, key)
    theirs = Passkey.objects.get(authenticator__user=other)
    for sent in (None, {"remove": "1"}, {"name": "mine"}):
        page = f"/accounts/passkeys/{theirs.pk}/"
        response = client.get(page) if sent is None else client.post(page, sent)
        assert response.status_code == 404
    assert Passkey.objects.filter(pk=theirs.pk).exists()


def test_who_must_have_a_factor_keeps_the_last_one(client: Client) -> None:
    user, key = with_key()
    User.objects.filter(pk=user.pk).update(is_staff=True)
    proven(client, key)
    kept = Passkey.objects.get(authenticator__user=user)
    assert client.post(f"/accounts/passkeys/{kept.pk}/", {"remove": "1"}).status_code == 409
    assert Passkey.objects.filter(pk=kept.pk).exists()


def test_changes_need_a_fresh_proof(client: Client) -> None:
    user, key = with_key()
    client.post("/accounts/passkeys/sign-in/", answer(key, *challenge(client)))
    kept = Passkey.objects.get(authenticator__user=user)
    for page in (
        "/accounts/passkeys/add/",
        "/accounts/passkeys/add/security-key/",
        f"/accounts/passkeys/{kept.pk}/",
    ):
        for response in (client.get(page), client.post(page, {"remove": "1", "name": "x"})):
            assert response.headers["Location"].startswith("/accounts/reauthenticate/")
    assert Passkey.objects.filter(pk=kept.pk).exists()


def test_strangers_see_no_list(client: Client) -> None:
    assert client.get("/accounts/passkeys/").status_code == 302
    assert client.get("/accounts/passkeys/add/").status_code == 302


def test_the_offer_is_made_quietly_and_put_away(client: Client) -> None:
    user = make_user()
    assert "data-passkey-offer" not in client.get("/me/tickets/").content.decode()
    sign_in(client, user.email)
    assert "data-passkey-offer" in client.get("/me/tickets/").content.decode()
    client.post("/accounts/passkeys/not-now/")
    assert "data-passkey-offer" not in client.get("/me/tickets/").content.decode()


def test_who_signed_in_with_a_passkey_is_offered_none(client: Client) -> None:
    _, key = with_key()
    client.post("/accounts/passkeys/sign-in/", answer(key, *challenge(client)))
    assert "data-passkey-offer" not in client.get("/me/tickets/").content.decode()


@pytest.mark.parametrize("path", ["/accounts/passkeys/", "/accounts/passkeys/add/", "/accounts/login/"])
def test_pages_speak_both_languages(client: Client, path: str) -> None:
    if path != "/accounts/login/":
        sign_in(client, make_user().email)
        prove(client)
    for language in ("en", "es"):
        page = client.get(path, headers={"accept-language": language}).content.decode()
        assert f'<html lang="{language}"' in page
        assert 'style="' not in page
