"""A fresh proof before what matters: who is asked for what, what waits meanwhile, and every route that asks."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.cast import PASSWORD, make_user, unique
from tests.signing_in import sign_in
from tests.web.account.factor_help import (
    STEP_UP,
    age_proofs,
    make_protected,
    prove_by_password,
    sign_in_with_app,
)
from tmam.accounts.errors import AccountFrozenError
from tmam.accounts.freezing import freeze
from tmam.accounts.happenings import Happening
from tmam.accounts.models import SecurityEntry, User
from tmam.notifications.models import Mail
from tmam.web.account.step_up import SUSPENDED, Purpose, fresh_proof_required, purpose_of

pytestmark = pytest.mark.django_db

# (method, address): each refuses a session whose last proof is too old.
GUARDED = (
    ("get", "/accounts/password/change/"),
    ("post", "/accounts/password/change/"),
    ("get", "/accounts/password/set/"),
    ("post", "/accounts/password/set/"),
    ("post", "/accounts/email/"),
    ("get", "/accounts/app/"),
    ("post", "/accounts/app/"),
    ("get", "/accounts/app/remove/"),
    ("post", "/accounts/app/remove/"),
    ("get", "/accounts/recovery-codes/"),
    ("post", "/accounts/recovery-codes/"),
    ("get", "/accounts/recovery-codes/file/"),
    ("get", "/accounts/recovery-codes/new/"),
    ("post", "/accounts/recovery-codes/new/"),
    ("post", "/me/account/sign-in-services/"),
    ("get", "/accounts/passkeys/add/"),
    ("post", "/accounts/passkeys/add/"),
    ("get", "/accounts/passkeys/add/security-key/"),
    ("get", "/accounts/phone/"),
    ("post", "/accounts/phone/"),
    ("post", "/me/account/data/download/"),
    ("post", "/me/account/erase/"),
)


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def asked(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith(STEP_UP)


@pytest.mark.parametrize("has_factor", [False, True])
def test_a_stale_session_is_asked_at_every_route(client: Client, has_factor: bool) -> None:
    if has_factor:
        sign_in_with_app(client, make_protected())
    else:
        sign_in(client, make_user().email)
        prove_by_password(client, "/me/account/")
    reading = [path for method, path in GUARDED if method == "get"]
    assert [path for path in reading if asked(client.get(path))] == [], "just proven"
    age_proofs(client)
    assert [each for each in GUARDED if not asked(getattr(client, each[0])(each[1]))] == []


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    answer = client.get("/accounts/app/")
    assert answer.headers["Location"] == "/accounts/login/?next=/accounts/app/"


def test_reading_addresses_needs_no_proof(client: Client) -> None:
    sign_in(client, make_user().email)
    assert client.get("/accounts/email/").status_code == 200


def test_a_password_is_not_enough_for_who_has_a_second_factor(client: Client) -> None:
    person = make_protected()
    sign_in_with_app(client, person)
    age_proofs(client)
    answer = client.post(
        f"{STEP_UP}?with=password", {"password": PASSWORD, "next": "/accounts/password/change/"}
    )
    assert answer.status_code == 200, "asks for the app instead"
    assert "Code from the app" in answer.content.decode()
    assert asked(client.get("/accounts/password/change/"))
    answer = client.post(STEP_UP, {"code": person.code(), "next": "/accounts/password/change/"})
    assert answer.headers["Location"] == "/accounts/password/change/"
    assert client.get("/accounts/password/change/").status_code == 200


def test_a_proof_by_password_ends_when_a_factor_is_added(client: Client) -> None:
    """Somebody who knows the password cannot use its proof after the owner protected the account."""
    user = make_user()
    sign_in(client, user.email)
    prove_by_password(client, "/me/account/")
    make_app_elsewhere(user)
    assert asked(client.get("/accounts/password/change/"))


def make_app_elsewhere(user: User) -> None:
    import pyotp
    from django.utils import timezone

    from tmam.accounts.totp import add_app, new_secret

    secret, now = new_secret(), timezone.now()
    assert add_app(user.pk, secret, pyotp.TOTP(secret).at(now), now=now)


def test_a_proof_is_of_one_session(client: Client) -> None:
    user = make_user()
    sign_in(client, user.email)
    prove_by_password(client, "/me/account/")
    other = Client()
    sign_in(other, user.email)
    assert asked(other.get("/accounts/password/change/"))


def test_the_page_says_what_it_is_for_and_only_what_the_address_leads_to(client: Client) -> None:
    sign_in(client, make_user().email)
    page = client.get(client.get("/accounts/password/change/").headers["Location"])
    assert "To change your password, show us once more" in page.content.decode()
    assert purpose_of("/accounts/app/?x=1") is Purpose.CHANGE_FACTORS
    assert purpose_of("/me/account/") is Purpose.GO_ON
    assert purpose_of("/nowhere") is Purpose.GO_ON


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "/\\evil.example", "", "x"])
def test_the_way_on_never_leads_to_another_site(client: Client, path: str) -> None:
    sign_in(client, make_user().email)
    assert prove_by_password(client, path).headers["Location"] == "/me/account/security/"


def test_what_was_being_sent_is_sent_after_the_proof(client: Client) -> None:
    user, other = make_user(), f"{unique('work')}@buyers.example"
    sign_in(client, user.email)
    where = client.post("/accounts/email/", {"email": other, "action_add": "1"}).headers["Location"]
    kept = client.session[SUSPENDED]
    assert other not in json.dumps(kept), "not readable in the session's row"
    answer = client.post(where, {"password": PASSWORD, "next": "/accounts/email/"})
    assert answer.headers["Location"] == "/accounts/confirm-email/"
    assert SUSPENDED not in client.session
    assert Mail.objects.filter(to=other).exists()


def test_a_form_with_a_password_is_not_kept(client: Client) -> None:
    sign_in(client, make_user().email)
    assert asked(client.post("/accounts/password/change/", {"password1": "three quiet lanterns"}))
    assert SUSPENDED not in client.session
    assert prove_by_password(client, "/accounts/password/change/").headers["Location"] == (
        "/accounts/password/change/"
    )


def test_what_waits_is_for_one_page_only(client: Client) -> None:
    user, other = make_user(), f"{unique('work')}@buyers.example"
    sign_in(client, user.email)
    client.post("/accounts/email/", {"email": other, "action_add": "1"})
    prove_by_password(client, "/me/account/")
    assert not Mail.objects.filter(to=other).exists()


def test_without_a_password_a_mailed_code_proves(client: Client) -> None:
    user = make_user()
    sign_in(client, user.email)
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    where = client.get("/accounts/app/").headers["Location"]
    assert user.email in client.get(where).content.decode()
    client.get(where)
    (mail,) = Mail.objects.filter(to=user.email, template="account.step_up_code")
    code = mail.context["code"]
    assert code not in json.dumps(dict(client.session))
    wrong = "111111" if code != "111111" else "222222"
    assert "not the code we sent" in client.post(where, {"code": wrong}).content.decode()
    answer = client.post(where, {"code": code, "next": "/accounts/app/"})
    assert answer.headers["Location"] == "/accounts/app/"
    assert client.get("/accounts/app/").status_code == 200


def test_three_wrong_mailed_codes_end_the_code(client: Client) -> None:
    user = make_user()
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    client.get(STEP_UP)
    code = Mail.objects.get(to=user.email, template="account.step_up_code").context["code"]
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(3):
        client.post(STEP_UP, {"code": wrong})
    assert client.post(STEP_UP, {"code": code}).status_code == 200, "a new mail is on its way"
    assert Mail.objects.filter(to=user.email, template="account.step_up_code").count() == 2


def test_a_mailed_code_is_not_offered_to_who_has_a_password_or_a_factor(client: Client) -> None:
    for person in (make_user(), make_protected().user):
        client.force_login(person)
        client.get(f"{STEP_UP}?with=mail")
        assert not Mail.objects.filter(to=person.email).exists()


def test_a_step_up_is_in_the_security_log(client: Client) -> None:
    user = make_user()
    sign_in(client, user.email)
    prove_by_password(client, "/me/account/")
    entry = SecurityEntry.objects.get(user=user, name=Happening.PROVEN_AGAIN)
    assert entry.details == {"kind": "password"}


def test_a_long_password_proves(client: Client) -> None:
    password = "lantern quiet " * 60
    user = make_user(password=password)
    sign_in(client, user.email, password)
    age_proofs(client)
    answer = client.post(STEP_UP, {"password": password, "next": "/me/account/"})
    assert answer.headers["Location"] == "/me/account/"


def test_ten_wrong_passwords_pause_the_step_up(client: Client) -> None:
    user = make_user(password="!")
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    statuses = [client.post(STEP_UP, {"password": "wrong"}).status_code for _ in range(11)]
    assert statuses == [200] * 9 + [429] * 2
    assert client.post(STEP_UP, {"password": PASSWORD}).status_code == 429


def test_the_decorator_works_with_and_without_arguments() -> None:
    @fresh_proof_required
    def plain(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    @fresh_proof_required(purpose=Purpose.SELL_TICKETS)
    def sell(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert (plain.step_up_purpose, sell.step_up_purpose) == (Purpose.GO_ON, Purpose.SELL_TICKETS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("purpose", [Purpose.SELL_TICKETS, Purpose.HAND_ON_TICKETS, Purpose.CHANGE_PAYOUTS])
def test_an_account_that_its_owner_locked_hands_nothing_on(client: Client, purpose: Purpose) -> None:
    @fresh_proof_required(purpose=purpose)
    def hand_on(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    user = make_user()
    sign_in(client, user.email)
    prove_by_password(client, "/me/account/")
    request = RequestFactory().post("/")
    request.user, request.session = user, client.session
    assert hand_on(request).status_code == 200
    freeze(user.pk, alert_entry_id=None, now=timezone.now())
    with pytest.raises(AccountFrozenError):
        hand_on(request)


def test_what_waits_too_long_is_not_sent(client: Client) -> None:
    from tmam.web.account import step_up

    user, other = make_user(), f"{unique('work')}@buyers.example"
    sign_in(client, user.email)
    client.post("/accounts/email/", {"email": other, "action_add": "1"})
    kept, now = client.session[SUSPENDED], step_up.timezone.now()
    assert step_up._read_kept(kept, "/accounts/email/", now) is not None
    assert step_up._read_kept(kept, "/accounts/email/", now + timedelta(minutes=11)) is None
