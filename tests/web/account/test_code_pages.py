"""Typing a mailed code: what is said when it is used up, and where a new one can be had."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.cast import PASSWORD, make_user, unique
from tmam.notifications.models import Mail

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "three quiet lanterns"
EMAIL_CODE, RESET_CODE = "/accounts/confirm-email/", "/accounts/password/reset/confirm/"
SIGN_IN_CODE = "/accounts/login/code/confirm/"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """The limits of the tests before."""
    cache.clear()


def code_for(email: str) -> str:
    return str(Mail.objects.filter(to=email, context__has_key="code").latest("id").context["code"])


def sign_up(client: Client) -> str:
    email = f"{unique('new')}@buyers.example"
    client.post("/accounts/signup/", {"email": email, "password1": NEW_PASSWORD})
    return email


def use_up(client: Client, path: str, email: str) -> tuple[str, str]:
    """Where three wrong codes lead, and what that page says."""
    wrong = "111111" if code_for(email) != "111111" else "222222"
    for _ in range(2):
        assert client.post(path, {"code": wrong}).status_code == 200
    where = client.post(path, {"code": wrong}).headers["Location"]
    return where, client.get(where).content.decode()


def test_after_a_reset_the_reset_page_sends_another(client: Client) -> None:
    email = make_user().email
    client.post("/accounts/password/reset/", {"email": email})
    where, page = use_up(client, RESET_CODE, email)
    assert where == "/accounts/password/reset/"
    assert "That code is used up. Ask for a new one." in page
    assert client.post(where, {"email": email}).headers["Location"] == RESET_CODE, "at once"


def test_a_sign_in_code_that_is_used_up_says_so(client: Client) -> None:
    email = make_user().email
    client.post("/accounts/login/code/", {"email": email})
    where, page = use_up(client, SIGN_IN_CODE, email)
    assert where == "/accounts/login/code/"
    assert "That code is used up. Ask for a new one." in page
    assert "too often" not in page


def test_after_sign_up_signing_in_sends_another(client: Client) -> None:
    email = sign_up(client)
    where, page = use_up(client, EMAIL_CODE, email)
    assert where == "/accounts/login/"
    assert "That code is used up. Sign in, and we send a new one." in page


def test_one_more_address_is_added_again(client: Client) -> None:
    client.force_login(make_user())
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    email = f"{unique('more')}@buyers.example"
    client.post("/accounts/email/", {"email": email, "action_add": "1"})
    where, page = use_up(client, EMAIL_CODE, email)
    assert where == "/accounts/email/"
    assert "That code is used up. Ask for a new one." in page


@pytest.mark.parametrize("typed", ["", "   "])
def test_an_empty_code_costs_no_try(client: Client, typed: str) -> None:
    email = sign_up(client)
    for _ in range(4):
        assert client.post(EMAIL_CODE, {"code": typed}).status_code == 200
    assert client.post(EMAIL_CODE, {"code": code_for(email)}).headers["Location"] == "/me/tickets/"
    person = make_user()
    for ask, confirm in (("/accounts/password/reset/", RESET_CODE), ("/accounts/login/code/", SIGN_IN_CODE)):
        visitor = Client()
        visitor.post(ask, {"email": person.email})
        for _ in range(4):
            assert visitor.post(confirm, {"code": typed}).status_code == 200
        assert visitor.post(confirm, {"code": code_for(person.email)}).status_code == 302


def test_signing_in_right_after_sign_up_shows_the_page_of_the_code(client: Client) -> None:
    email = sign_up(client)
    answer = client.post("/accounts/login/", {"login": email, "password": NEW_PASSWORD})
    assert answer.headers["Location"] == EMAIL_CODE
    pasted = f"\u200e{code_for(email)}\u00a0\u200f"  # as mail programs copy it
    assert client.post(EMAIL_CODE, {"code": pasted}).headers["Location"] == "/me/tickets/"


def test_in_another_browser_too_with_a_code_that_works_there() -> None:
    email = sign_up(Client())
    other = Client()
    answer = other.post("/accounts/login/", {"login": email.upper(), "password": NEW_PASSWORD})
    assert answer.headers["Location"] == EMAIL_CODE
    page = other.get(EMAIL_CODE).content.decode()
    assert "We sent you a code moments ago." in page
    assert "too often" not in page
    assert other.post(EMAIL_CODE, {"code": code_for(email)}).headers["Location"] == "/me/tickets/"


def test_nobody_has_an_address_flooded_that_way() -> None:
    email = sign_up(Client())
    fields = {"login": email, "password": NEW_PASSWORD}
    answers = [Client().post("/accounts/login/", fields).status_code for _ in range(12)]
    assert answers[0] == 302
    assert answers[-1] == 429
    assert Mail.objects.filter(to=email).count() < 12


def test_a_wrong_password_right_after_sign_up_tells_nothing_of_codes() -> None:
    email = sign_up(Client())
    page = (
        Client().post("/accounts/login/", {"login": email, "password": "wrong wrong wrong"}).content.decode()
    )
    assert "moments ago" not in page
    assert "do not belong together" in page
