"""A phone number through the pages: added, asked for, guessed at, removed."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import msgspec
import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.accounts.passkeys.keyring import give_key
from tests.cast import PASSWORD, make_user
from tests.signing_in import sign_in
from tmam.accounts.models import Phone, Sms, SmsCode, User
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.platform.event_log import drain

pytestmark = pytest.mark.django_db
SECOND = "/accounts/second-factor/"


@pytest.fixture(autouse=True)
def fresh_limits(settings: Settings) -> None:
    cache.clear()
    settings.TMAM = msgspec.structs.replace(settings.TMAM, sms_per_day=1_000_000)


def number() -> str:
    return f"61{uuid.uuid4().int % 10**7:07d}"


def proven(client: Client) -> User:
    """Somebody without a factor, signed in and freshly proven."""
    user = make_user()
    sign_in(client, user.email)
    client.post("/accounts/reauthenticate/?next=/accounts/phone/", {"code": PASSWORD, "password": PASSWORD})
    return user


def code_to(typed: str) -> str:
    found = re.search(r"\d{6}", Sms.objects.filter(to=f"+34{typed}").latest("id").text)
    assert found
    return found[0]


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 10**6:06d}"


def add_number(client: Client, typed: str) -> HttpResponse:
    client.post("/accounts/phone/", {"country": "ES", "number": typed})
    return client.post("/accounts/phone/code/", {"code": code_to(typed)})


def with_phone() -> tuple[User, str]:
    user, typed = make_user(), number()
    Phone.objects.create(user=user, number=f"+34{typed}", added_at=timezone.now())
    return user, typed


def subjects(user: User) -> list[str]:
    drain()
    mails = Mail.objects.filter(to=user.email).order_by("id")
    return [str(compose_mail(mail, timezone.now()).subject) for mail in mails]


def is_signed_in(client: Client) -> bool:
    return client.get("/me/account/").status_code == 200


def test_a_number_is_typed_proven_and_removed(client: Client) -> None:
    user, typed = proven(client), number()
    page = client.get("/accounts/phone/", headers={"accept-language": "en-GB"}).content.decode()
    assert 'value="GB" selected' in page
    assert 'autocomplete="tel-national"' in page
    assert "weakest" in page
    response = client.post("/accounts/phone/", {"country": "ES", "number": f" {typed[:3]} {typed[3:]}"})
    assert response.headers["Location"] == "/accounts/phone/code/"
    assert 'autocomplete="one-time-code"' in client.get("/accounts/phone/code/").content.decode()
    assert "not the code we sent" in client.post("/accounts/phone/code/", {"code": "x"}).content.decode()
    response = client.post("/accounts/phone/code/", {"code": code_to(typed)})
    assert response.headers["Location"] == "/accounts/recovery-codes/"
    assert Phone.objects.get(user=user).number == f"+34{typed}"
    assert "A phone number was added to your account" in subjects(user)

    assert typed[-2:] in client.get("/accounts/phone/").content.decode()
    client.post("/accounts/phone/remove/")
    assert not Phone.objects.filter(user=user).exists()
    assert "A phone number was removed from your account" in subjects(user)


@pytest.mark.parametrize(
    ("typed", "words"),
    [("12", "no complete phone number"), ("912345678", "mobile phones only"), ("", "required")],
)
def test_other_numbers_are_refused_in_words(client: Client, typed: str, words: str) -> None:
    proven(client)
    page = client.post("/accounts/phone/", {"country": "ES", "number": typed}).content.decode()
    assert words in page
    assert "Error:" in page


def test_countries_can_be_limited(client: Client, settings: Settings) -> None:
    settings.TMAM = msgspec.structs.replace(settings.TMAM, sms_countries="ES")
    proven(client)
    page = client.get("/accounts/phone/").content.decode()
    assert page.count("<option") == 1
    typed = {"country": "ES", "number": "+44 7400 123456"}
    assert "cannot send codes to that country" in client.post("/accounts/phone/", typed).content.decode()


def test_where_no_sms_is_sent_none_is_offered(client: Client, settings: Settings) -> None:
    user, _ = with_phone()
    settings.TMAM = msgspec.structs.replace(settings.TMAM, mode="production", sms_url="outbox:")
    assert sign_in(client, user.email).headers["Location"] == "/me/tickets/", "nobody is locked out by it"
    assert "SMS" not in client.get("/me/account/security/").content.decode()


def test_changes_need_a_fresh_proof(client: Client) -> None:
    user = make_user()
    sign_in(client, user.email)
    for response in (
        client.get("/accounts/phone/"),
        client.post("/accounts/phone/", {"country": "ES", "number": number()}),
        client.post("/accounts/phone/code/", {"code": "123456"}),
        client.post("/accounts/phone/remove/"),
    ):
        assert response.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not SmsCode.objects.filter(user=user).exists()


def test_signing_in_by_a_code(client: Client) -> None:
    user, typed = with_phone()
    assert sign_in(client, user.email).headers["Location"] == SECOND
    page = client.get(SECOND).content.decode()
    assert f"••• {typed[-3:]}" in page
    assert typed not in page.replace(" ", ""), "who only knows the password learns no number"
    assert Sms.objects.filter(to=f"+34{typed}").count() == 1
    client.get(SECOND)
    assert Sms.objects.filter(to=f"+34{typed}").count() == 1, "looking again sends nothing again"
    client.post(f"{SECOND}?with=sms", {"code": code_to(typed)})
    assert is_signed_in(client)


def test_a_code_is_good_in_the_session_that_asked_only(client: Client) -> None:
    user, typed = with_phone()
    sign_in(client, user.email)
    client.get(SECOND)
    digits = code_to(typed)
    thief = Client()
    sign_in(thief, user.email)
    thief.post(f"{SECOND}?with=sms", {"code": digits})
    assert not is_signed_in(thief)
    client.post(f"{SECOND}?with=sms", {"code": digits})
    assert is_signed_in(client)


def test_another_code_may_be_asked_for_after_a_while(client: Client) -> None:
    user, typed = with_phone()
    sign_in(client, user.email)
    client.get(SECOND)
    client.post(f"{SECOND}?with=sms", {"again": "1"})
    assert Sms.objects.filter(to=f"+34{typed}").count() == 1, "a double click"
    session = client.session
    code_id, sent_at = session["sms_proof"]
    session["sms_proof"] = [code_id, sent_at - 31]
    session.save()
    client.post(f"{SECOND}?with=sms", {"again": "1"})
    assert Sms.objects.filter(to=f"+34{typed}").count() == 2


def test_guesses_end_with_the_code_and_sendings_with_the_limit(client: Client) -> None:
    """One thousand guesses: three a code, five codes an hour, and ten tries an account."""
    user, typed = with_phone()
    sign_in(client, user.email)
    client.get(SECOND)
    for _ in range(40):
        response = client.post(f"{SECOND}?with=sms", {"code": wrong(code_to(typed))})
        if response.status_code == 429:
            break
    assert response.status_code == 429
    attempts = sum(SmsCode.objects.filter(user=user).values_list("attempts", flat=True))
    assert attempts <= 10
    assert Sms.objects.filter(to=f"+34{typed}").count() <= 5
    client.post(f"{SECOND}?with=sms", {"code": code_to(typed)})
    assert not is_signed_in(client)


def test_when_no_more_are_sent_the_page_says_so_and_other_ways_stay(client: Client) -> None:
    user, typed = with_phone()
    give_key(user, now=timezone.now())
    for _ in range(6):
        Sms.objects.filter(to=f"+34{typed}").update(queued_at=timezone.now() - timedelta(hours=1))
        other = Client()
        sign_in(other, user.email)
        page = other.get(f"{SECOND}?with=sms").content.decode()
    assert Sms.objects.filter(to=f"+34{typed}").count() == 5
    assert "we send no new one for now" in page
    assert "Use a passkey" in page


def test_step_up_by_a_code(client: Client) -> None:
    user, typed = with_phone()
    sign_in(client, user.email)
    client.get(SECOND)
    client.post(f"{SECOND}?with=sms", {"code": code_to(typed)})
    session = client.session
    del session["account_authentication_methods"]
    session.save()
    where = client.get("/accounts/phone/").headers["Location"]
    client.get(where)
    sent = {"code": code_to(typed), "next": "/accounts/phone/"}
    assert client.post("/accounts/reauthenticate/?with=sms", sent).headers["Location"] == "/accounts/phone/"
    assert client.get("/accounts/phone/").status_code == 200


def test_another_number_replaces_the_first(client: Client) -> None:
    user, first, second = proven(client), number(), number()
    add_number(client, first)
    add_number(client, second)
    assert Phone.objects.get(user=user).number == f"+34{second}"
    assert client.get("/accounts/phone/code/").headers["Location"] == "/accounts/phone/"


@pytest.mark.parametrize("path", ["/accounts/phone/", "/accounts/phone/code/"])
def test_pages_speak_both_languages(client: Client, path: str) -> None:
    proven(client)
    client.post("/accounts/phone/", {"country": "ES", "number": number()})
    for language in ("en", "es"):
        page = client.get(path, headers={"accept-language": language}).content.decode()
        assert f'<html lang="{language}"' in page
        assert "placeholder" not in page


def test_the_outbox_is_shown_in_the_demo_and_never_in_production(client: Client, settings: Settings) -> None:
    from tmam.accounts.sms.outbox import OutboxSender, outbox_folder

    OutboxSender(outbox_folder(settings.TMAM.state)).send("+34612345678", "tmam: <b>123456</b>")
    page = client.get("/demo/sms/").content.decode()
    assert "+34 612 34 56 78" in page
    assert "&lt;b&gt;123456" in page
    settings.TMAM = msgspec.structs.replace(settings.TMAM, mode="production")
    assert client.get("/demo/sms/").status_code == 404
    settings.TMAM = msgspec.structs.replace(settings.TMAM, mode="demo", sms_url="twilio://a:b@c")
    assert client.get("/demo/sms/").status_code == 404
