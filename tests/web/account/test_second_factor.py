"""The second step of signing in."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.cast import PASSWORD, make_user
from tests.signing_in import sign_in, type_password
from tests.web.account.factor_help import SECOND, make_protected, sign_in_with_app
from tmam.accounts.guesses import MOST_TRIES, GuessScope, claim_guess
from tmam.accounts.happenings import Happening
from tmam.accounts.models import SecurityEntry
from tmam.accounts.recovery_codes import codes_left
from tmam.accounts.totp import app_of
from tmam.notifications.models import Mail
from tmam.platform.event_log import drain

pytestmark = pytest.mark.django_db
RESET_FORM, RESET_FACTOR = "/accounts/password/reset/complete/", "/accounts/password/reset/factor/"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def is_signed_in(client: Client) -> bool:
    return client.get("/me/account/").status_code == 200


def test_who_has_an_app_is_asked_for_its_code_and_lands_where_they_wanted(client: Client) -> None:
    person = make_protected()
    first = type_password(client, person.user.email, next="/me/account/security/")
    assert first.headers["Location"] == SECOND
    assert not is_signed_in(client)
    html = client.get(SECOND).content.decode()
    assert "Code from the app" in html
    assert "Use a recovery code" in html
    answer = client.post(SECOND, {"code": person.code()})
    assert answer.headers["Location"] == "/me/account/security/"
    assert is_signed_in(client)


def test_who_has_none_is_not_asked(client: Client) -> None:
    assert sign_in(client, make_user().email).headers["Location"] == "/me/tickets/"


def test_nobody_gets_to_the_page_without_the_first_step(client: Client) -> None:
    assert client.get(SECOND).headers["Location"] == "/accounts/login/"
    assert client.post(SECOND, {"code": "123456"}).headers["Location"] == "/accounts/login/"


def test_a_wrong_code_says_what_to_do(client: Client) -> None:
    person = make_protected()
    type_password(client, person.user.email)
    html = client.post(SECOND, {"code": person.wrong_code()}).content.decode()
    assert "Wait for the next one in the app" in html
    assert 'href="#id_code"' in html
    assert "Error:" in html
    assert not is_signed_in(client)


def test_a_used_code_lets_nobody_in_twice() -> None:
    person = make_protected()
    code = person.code()
    first, second = Client(), Client()
    type_password(first, person.user.email)
    type_password(second, person.user.email)
    assert first.post(SECOND, {"code": code}).status_code == 302
    assert second.post(SECOND, {"code": code}).status_code == 200
    assert not is_signed_in(second)


def test_a_recovery_code_lets_in_once_and_the_owner_is_told() -> None:
    person = make_protected()
    code = person.codes[0]
    first, second = Client(), Client()
    type_password(first, person.user.email)
    assert first.post(f"{SECOND}?with=recovery", {"code": code.lower()}).status_code == 302
    assert is_signed_in(first)
    type_password(second, person.user.email)
    assert second.post(f"{SECOND}?with=recovery", {"code": code}).status_code == 200
    assert not is_signed_in(second)
    assert codes_left(person.user.pk).left == 9  # type: ignore[union-attr]
    drain()
    (mail,) = Mail.objects.filter(to=person.user.email, template="account.recovery_code_used")
    assert mail.context["left"] == 9
    assert code not in str(mail.context)
    entry = SecurityEntry.objects.get(user=person.user, name=Happening.RECOVERY_CODE_USED)
    assert entry.network == "127.0.0.1"


def test_the_session_is_another_one_after_signing_in(client: Client) -> None:
    person = make_protected()
    type_password(client, person.user.email)
    before = client.session.session_key
    client.post(SECOND, {"code": person.code()})
    assert client.session.session_key != before


def test_ten_wrong_codes_pause_the_account_even_for_the_right_one_and_the_owner_is_told() -> None:
    person = make_protected()
    trusted = Client()
    sign_in_with_app(trusted, person)
    wrong = person.wrong_code()
    statuses = []
    for _ in range(12):  # each in a session of its own
        cache.clear()
        attacker = Client()
        type_password(attacker, person.user.email)
        statuses.append(attacker.post(f"{SECOND}?with=app", {"code": wrong}).status_code)
    assert statuses == [200] * 9 + [429] * 3
    late = Client()
    type_password(late, person.user.email)
    answer = late.post(SECOND, {"code": person.code()})
    assert answer.status_code == 429
    assert late.get(SECOND).status_code == 429, "said before one types"
    assert "accounts.too_many_codes" in answer.content.decode()
    assert late.post(f"{SECOND}?with=recovery", {"code": person.codes[0]}).status_code == 429
    assert not is_signed_in(late)
    assert is_signed_in(trusted), "browsers that are in stay in"
    drain()
    assert Mail.objects.filter(to=person.user.email, template="account.codes_paused").count() == 1


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("way", ["app", "recovery", "nonsense"])
def test_the_page_speaks_both_languages(client: Client, language: str, way: str) -> None:
    person = make_protected()
    type_password(client, person.user.email)
    answer = client.get(f"{SECOND}?with={way}", headers={"accept-language": language})
    html = answer.content.decode()
    assert f'<html lang="{language}"' in html
    assert 'style="' not in html
    assert "placeholder" not in html
    assert "no-store" in answer.headers["Cache-Control"]


def test_one_may_start_again_with_another_account(client: Client) -> None:
    person = make_protected()
    type_password(client, person.user.email)
    assert client.get("/accounts/login/").headers["Location"] == SECOND
    assert client.post(SECOND, {"cancel": "1"}).headers["Location"] == "/accounts/login/"
    assert client.get("/accounts/login/").status_code == 200
    assert client.post(SECOND, {"code": person.code()}).headers["Location"] == "/accounts/login/"


def forget_password(client: Client, email: str) -> None:
    """Up to the mailed code."""
    client.post("/accounts/password/reset/", {"email": email})
    code = Mail.objects.filter(to=email, template="account.password_reset_code").latest("id").context["code"]
    answer = client.post("/accounts/password/reset/confirm/", {"code": code})
    assert answer.headers["Location"] == RESET_FORM


def test_a_mailbox_alone_replaces_no_password(client: Client) -> None:
    person = make_protected()
    forget_password(client, person.user.email)
    for answer in (client.get(RESET_FORM), client.post(RESET_FORM, {"password1": "three quiet lanterns"})):
        assert answer.headers["Location"] == RESET_FACTOR
    assert "stolen mailbox" in client.get(RESET_FACTOR).content.decode()
    assert client.post(f"{RESET_FACTOR}?with=app", {"code": person.wrong_code()}).status_code == 200
    assert client.get(RESET_FORM).headers["Location"] == RESET_FACTOR
    person.user.refresh_from_db()
    assert person.user.check_password(PASSWORD)
    assert not is_signed_in(client)


@pytest.mark.parametrize("way", ["app", "recovery"])
def test_with_the_factor_a_forgotten_password_is_replaced_and_it_is_asked_once(
    client: Client, way: str
) -> None:
    person = make_protected()
    forget_password(client, person.user.email)
    code = person.code() if way == "app" else person.codes[0]
    assert client.post(f"{RESET_FACTOR}?with={way}", {"code": code}).headers["Location"] == RESET_FORM
    assert client.get(RESET_FORM).status_code == 200
    answer = client.post(RESET_FORM, {"password1": "three quiet lanterns"})
    assert answer.headers["Location"] == "/me/tickets/"
    assert is_signed_in(client)
    person.user.refresh_from_db()
    assert person.user.check_password("three quiet lanterns")


def test_the_factor_of_a_reset_is_asked_of_nobody_without_a_mailed_code(client: Client) -> None:
    assert client.get(RESET_FACTOR).headers["Location"] == RESET_FORM
    assert client.get(RESET_FORM).headers["Location"] == "/accounts/password/reset/"
    plain = make_user()
    forget_password(client, plain.email)
    assert client.get(RESET_FACTOR).headers["Location"] == RESET_FORM
    assert client.get(RESET_FORM).status_code == 200


def test_a_factor_that_was_removed_meanwhile_is_not_asked_for(client: Client) -> None:
    person = make_protected()
    type_password(client, person.user.email)
    app_of(person.user.pk).delete()  # type: ignore[union-attr]
    assert client.get(SECOND).headers["Location"] == "/accounts/new-device/", "the next step"


def test_strangers_do_not_pause_the_browsers_that_the_account_knows() -> None:
    person = make_protected()
    known = Client()
    sign_in_with_app(known, person)
    known.post("/accounts/logout/")
    for _ in range(MOST_TRIES):
        claim_guess(person.user.pk, GuessScope.STRANGERS, now=timezone.now())
    stranger = Client()
    type_password(stranger, person.user.email)
    assert stranger.post(SECOND, {"code": person.code()}).status_code == 429
    sign_in_with_app(known, person)
    assert is_signed_in(known)


def test_who_has_lost_everything_is_shown_the_way(client: Client) -> None:
    person = make_protected()
    type_password(client, person.user.email)
    assert 'href="/accounts/recover/phone/"' in client.get(SECOND).content.decode()
    assert client.get("/accounts/recover/phone/").status_code == 200
