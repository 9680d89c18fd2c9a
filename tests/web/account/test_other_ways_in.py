"""Signing in with a user name, and with a code from a mail."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from tests.cast import PASSWORD, make_user, unique
from tmam.accounts.models import User
from tmam.notifications.models import Mail

pytestmark = pytest.mark.django_db
CODE = "/accounts/login/code/"
CONFIRM = "/accounts/login/code/confirm/"


def newest_code(email: str) -> str:
    return str(Mail.objects.filter(to=email, context__has_key="code").latest("id").context["code"])


def sign_in_with_fresh_proof(client: Client, user: User) -> None:
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def test_a_user_name_is_chosen_used_changed_and_removed(client: Client) -> None:
    user, name = make_user(), unique("ana")
    sign_in_with_fresh_proof(client, user)
    assert client.post("/me/account/name/", {"username": name}).headers["Location"] == "/me/account/"
    assert name in client.get("/me/account/").content.decode()
    by_name = {"login": name.upper(), "password": PASSWORD}
    assert Client().post("/accounts/login/", by_name).headers["Location"] == "/accounts/new-device/"
    assert client.post("/me/account/name/", {"remove": "1"}).headers["Location"] == "/me/account/"
    assert Client().post("/accounts/login/", by_name).status_code == 200
    user.refresh_from_db()
    assert user.username is None


def test_the_page_needs_a_fresh_proof(client: Client) -> None:
    client.force_login(make_user())
    assert client.get("/me/account/name/").headers["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize("name", ["me@home.example", "ab", "a b c", "x..y"])
def test_bad_names_are_explained_at_the_field(client: Client, name: str) -> None:
    user = make_user()
    sign_in_with_fresh_proof(client, user)
    answer = client.post("/me/account/name/", {"username": name})
    assert answer.status_code == 422
    assert 'href="#id_username"' in answer.content.decode()


def test_nobody_gets_a_user_name_at_sign_up(client: Client) -> None:
    email = f"{unique('new')}@buyers.example"
    client.post("/accounts/signup/", {"email": email, "password1": "three quiet lanterns"})
    assert User.objects.get(email=email).username is None


def test_a_code_signs_in_once(client: Client) -> None:
    user = make_user()
    assert 'href="/accounts/login/code/"' in client.get("/accounts/login/").content.decode()
    assert client.post(CODE, {"email": user.email.upper()}).headers["Location"] == CONFIRM
    code = newest_code(user.email)
    assert client.post(CONFIRM, {"code": code}).headers["Location"] == "/me/tickets/"
    assert client.get("/me/account/").status_code == 200
    client.post("/accounts/logout/")
    assert client.post(CONFIRM, {"code": code}).headers["Location"] == CODE, "a used code is spent"


def test_three_wrong_codes_end_it(client: Client) -> None:
    user = make_user()
    client.post(CODE, {"email": user.email})
    code = newest_code(user.email)
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(3):
        answer = client.post(CONFIRM, {"code": wrong})
    assert answer.headers["Location"] == CODE
    assert client.post(CONFIRM, {"code": code}).headers["Location"] == CODE


def test_the_first_proof_of_an_address_ends_a_strangers_password(client: Client) -> None:
    email = f"{unique('victim')}@buyers.example"
    Client().post(
        "/accounts/signup/", {"email": email, "password1": "three quiet lanterns"}
    )  # by somebody else
    client.post(CODE, {"email": email})
    client.post(CONFIRM, {"code": newest_code(email)})
    assert EmailAddress.objects.filter(email=email, verified=True).exists()
    assert client.get("/me/account/").status_code == 200
    stranger = Client().post("/accounts/login/", {"login": email, "password": "three quiet lanterns"})
    assert stranger.status_code == 200, "not signed in"


def given_away(email: str) -> User:
    """An account that a stranger made with this address, by a password and through a service."""
    Client().post("/accounts/signup/", {"email": email, "password1": "three quiet lanterns"})
    user = User.objects.get(email=email)
    SocialAccount.objects.create(user=user, provider="acme", uid=unique("sub"))
    return user


def test_and_the_strangers_sign_in_service(client: Client) -> None:
    user = given_away(f"{unique('victim')}@buyers.example")
    client.post(CODE, {"email": user.email})
    client.post(CONFIRM, {"code": newest_code(user.email)})
    assert client.get("/me/account/").status_code == 200
    assert not SocialAccount.objects.filter(user=user).exists()


def test_so_does_the_first_proof_by_the_code_for_a_new_password(client: Client) -> None:
    user = given_away(f"{unique('victim')}@buyers.example")
    client.post("/accounts/password/reset/", {"email": user.email})
    client.post("/accounts/password/reset/confirm/", {"code": newest_code(user.email)})
    user.refresh_from_db()
    assert not user.has_usable_password(), "at once, not only when the new one is chosen"
    assert not SocialAccount.objects.filter(user=user).exists()
    client.post("/accounts/password/reset/complete/", {"password1": "four quiet lanterns"})
    assert client.get("/me/account/").status_code == 200
    user.refresh_from_db()
    assert user.check_password("four quiet lanterns")


def test_later_proofs_end_nothing(client: Client) -> None:
    user = make_user()
    SocialAccount.objects.create(user=user, provider="acme", uid=unique("sub"))
    client.post("/accounts/password/reset/", {"email": user.email})
    client.post("/accounts/password/reset/confirm/", {"code": newest_code(user.email)})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert SocialAccount.objects.filter(user=user).exists()


def test_who_types_the_code_of_their_own_sign_up_keeps_the_password(client: Client) -> None:
    email = f"{unique('new')}@buyers.example"
    client.post("/accounts/signup/", {"email": email, "password1": "three quiet lanterns"})
    client.post("/accounts/confirm-email/", {"code": newest_code(email)})
    assert client.get("/me/account/").status_code == 200
    assert User.objects.get(email=email).check_password("three quiet lanterns")
