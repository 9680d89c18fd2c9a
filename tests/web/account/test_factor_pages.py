"""Setting factors up and removing them, recovery codes, the security page, and who must have a factor."""

from __future__ import annotations

import re

import pyotp
import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.cast import make_user
from tests.signing_in import sign_in
from tests.web.account.factor_help import make_protected, prove_by_password, sign_in_with_app
from tmam.accounts.factors import has_second_factor
from tmam.accounts.happenings import Happening
from tmam.accounts.models import SecurityEntry, User
from tmam.accounts.recovery_codes import codes_left, use_code
from tmam.accounts.totp import app_of
from tmam.notifications.models import Mail
from tmam.platform.event_log import drain
from tmam.web.account.required_factor import WAITING, lacks_required_factor, second_factor_required

pytestmark = pytest.mark.django_db
APP = "/accounts/app/"
CODES = "/accounts/recovery-codes/"
SECURITY = "/me/account/security/"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def key_on(page: HttpResponse) -> str:
    found = re.search(r'factor-key">([A-Z2-7 ]+)<', page.content.decode())
    assert found is not None
    return found[1].replace(" ", "")


def signed_in(client: Client, **fields: object) -> User:
    user = make_user(**fields)  # type: ignore[arg-type]
    sign_in(client, user.email)
    prove_by_password(client, SECURITY)
    return user


def set_app_up(client: Client) -> HttpResponse:
    secret = key_on(client.get(APP))
    return client.post(APP, {"code": pyotp.TOTP(secret).now()})


def codes_on(page: HttpResponse) -> list[str]:
    return re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", page.content.decode())


def news_to(user: User) -> list[str]:
    """The mails about second factors."""
    drain()
    about_factors = Mail.objects.filter(to=user.email, template__regex="factor|recovery|paused")
    return list(about_factors.order_by("id").values_list("template", flat=True))


def test_an_app_is_set_up_by_one_code_and_brings_recovery_codes(client: Client) -> None:
    user = signed_in(client)
    page = client.get(APP)
    secret = key_on(page)
    html = page.content.decode()
    assert "<svg" in html
    assert f"otpauth://totp/tmam:{user.email.replace('@', '%40')}?secret={secret}&amp;issuer=tmam" in html
    assert "no-store" in page.headers["Cache-Control"]
    assert key_on(client.get(APP)) == secret, "a reload keeps the key"
    assert secret not in str(dict(client.session)), "encrypted in the session too"
    refused = client.post(APP, {"code": pyotp.TOTP(secret).at(0)})
    assert refused.status_code == 200
    assert key_on(refused) == secret
    assert client.post(APP, {"code": pyotp.TOTP(secret).now()}).headers["Location"] == CODES
    assert has_second_factor(user.pk)
    assert SecurityEntry.objects.get(user=user, name=Happening.FACTOR_ADDED).details == {"kind": "totp"}
    assert news_to(user) == ["account.factor_added"]


def test_who_has_just_set_a_factor_up_need_not_prove_again(client: Client) -> None:
    signed_in(client)
    set_app_up(client)
    assert client.get(CODES).status_code == 200


def test_recovery_codes_are_shown_until_they_are_put_away(client: Client) -> None:
    user = signed_in(client)
    set_app_up(client)
    codes = codes_on(client.get(CODES))
    assert len(codes) == 10
    assert not [code for code in codes if code in str(dict(client.session))]
    file = client.get(f"{CODES}file/")
    assert file.headers["Content-Disposition"] == 'attachment; filename="tmam-recovery-codes.txt"'
    assert not [code for code in codes if code not in file.content.decode()]
    assert client.post(CODES, {}).status_code == 422, "the box must be ticked"
    assert client.post(CODES, {"kept": "yes"}).headers["Location"] == SECURITY
    assert client.get(CODES).headers["Location"] == SECURITY
    assert client.get(f"{CODES}file/").status_code == 404
    assert codes_left(user.pk).are_kept  # type: ignore[union-attr]


def test_another_session_never_sees_the_codes() -> None:
    first, second = Client(), Client()
    user = signed_in(first)
    secret = key_on(first.get(APP))
    first.post(APP, {"code": pyotp.TOTP(secret).now()})
    second.force_login(user)
    assert second.get(CODES).headers["Location"].startswith("/accounts/reauthenticate/")


def test_new_codes_void_the_old(client: Client) -> None:
    person = make_protected()
    sign_in_with_app(client, person)
    assert client.get(f"{CODES}new/").status_code == 200
    assert client.post(f"{CODES}new/").headers["Location"] == CODES
    new = codes_on(client.get(CODES))
    now = timezone.now()
    assert not use_code(person.user.pk, person.codes[0], now=now)
    assert use_code(person.user.pk, new[0], now=now)
    assert "account.recovery_codes_made" in news_to(person.user)


def test_without_a_factor_there_are_no_codes_to_make(client: Client) -> None:
    user = signed_in(client)
    assert client.post(f"{CODES}new/").headers["Location"] == SECURITY
    assert codes_left(user.pk) is None


def test_removing_the_last_factor_removes_the_codes(client: Client) -> None:
    person = make_protected()
    sign_in_with_app(client, person)
    assert client.get(f"{APP}remove/").status_code == 200
    assert client.post(f"{APP}remove/").headers["Location"] == SECURITY
    assert app_of(person.user.pk) is None
    assert codes_left(person.user.pk) is None
    assert news_to(person.user)[-1] == "account.factor_removed"
    assert sign_in(Client(), person.user.email).headers["Location"] == "/me/tickets/"


def test_a_second_app_is_not_offered(client: Client) -> None:
    sign_in_with_app(client, make_protected())
    assert client.get(APP).headers["Location"] == SECURITY


def test_few_codes_left_are_said(client: Client) -> None:
    person = make_protected()
    sign_in_with_app(client, person)
    for code in person.codes[:8]:
        assert use_code(person.user.pk, code, now=timezone.now())
    html = client.get(SECURITY).content.decode()
    assert "2 codes left" in html
    assert "You have not told us that you put them away" in html


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_speak_both_languages(client: Client, language: str) -> None:
    signed_in(client)
    for path in (SECURITY, APP, "/me/account/"):
        html = client.get(path, headers={"accept-language": language}).content.decode()
        assert f'<html lang="{language}"' in html
        assert 'style="' not in html
        assert ("Security" in html) is (language == "en")


@second_factor_required
def staff_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def ask_staff_page(client: Client, user: User) -> HttpResponse:
    request = RequestFactory().get("/staff/people/?q=a")
    request.user, request.session = user, client.session  # type: ignore[assignment]
    answer = staff_page(request)
    request.session.save()
    assert isinstance(answer, HttpResponse)
    return answer


def test_staff_without_a_factor_set_one_up_first_and_come_back(client: Client) -> None:
    user = signed_in(client, is_staff=True)
    assert ask_staff_page(client, user).headers["Location"] == SECURITY
    assert "Your work here needs a second step" in client.get(SECURITY).content.decode()
    set_app_up(client)
    assert client.session[WAITING] == "/staff/people/?q=a"
    assert client.post(CODES, {"kept": "yes"}).headers["Location"] == "/staff/people/?q=a"
    assert ask_staff_page(client, user).content == b"in"


def test_everybody_else_needs_none(client: Client) -> None:
    user = signed_in(client)
    assert not lacks_required_factor(user)
    assert ask_staff_page(client, user).content == b"in"


def test_the_last_factor_of_staff_stays(client: Client) -> None:
    person = make_protected(is_staff=True)
    sign_in_with_app(client, person)
    answer = client.post(f"{APP}remove/")
    assert answer.status_code == 409
    assert "accounts.factor_required" in answer.content.decode()
    assert app_of(person.user.pk) is not None
    assert codes_left(person.user.pk) is not None
