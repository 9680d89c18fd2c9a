"""A sign-in that waits at a step in between ends when the account changes meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.cast import make_user
from tests.signing_in import NEW_DEVICE, change_password, mailed_code, sign_in, type_password
from tests.web.account.factor_help import SECOND, make_protected, sign_in_with_app
from tmam.accounts.totp import add_app, new_secret

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """The limits of the tests before."""
    cache.clear()


def is_signed_in(client: Client) -> bool:
    return client.get("/me/account/").status_code == 200


def test_a_new_password_ends_what_began_with_the_old_one() -> None:
    user, owner, thief = make_user(), Client(), Client()
    sign_in(owner, user.email)
    assert type_password(thief, user.email).headers["Location"] == NEW_DEVICE
    code = mailed_code(user.email)
    change_password(owner, "three quiet lanterns")
    assert thief.post(NEW_DEVICE, {"code": code}).headers["Location"] == "/accounts/login/"
    assert "was changed while you were signing in" in thief.get("/accounts/login/").content.decode()
    assert not is_signed_in(thief)
    assert sign_in(thief, user.email, "three quiet lanterns").headers["Location"] == "/me/tickets/"


def test_a_new_second_factor_is_needed_by_who_was_past_that_step_already() -> None:
    user, thief, secret = make_user(), Client(), new_secret()
    assert type_password(thief, user.email).headers["Location"] == NEW_DEVICE
    then = timezone.now() - timedelta(hours=1)
    assert add_app(user.pk, secret, pyotp.TOTP(secret).at(then), now=then) is not None
    answer = thief.post(NEW_DEVICE, {"code": mailed_code(user.email)})
    assert answer.headers["Location"] == "/accounts/login/"
    assert not is_signed_in(thief)


def test_a_person_with_a_second_factor_goes_through(client: Client) -> None:
    sign_in_with_app(client, make_protected())
    assert is_signed_in(client)


def test_a_new_password_ends_what_waits_for_a_second_factor(client: Client) -> None:
    person = make_protected()
    assert type_password(client, person.user.email).headers["Location"] == SECOND
    person.user.set_password("three quiet lanterns")
    person.user.save()
    assert (
        client.post(f"{SECOND}?with=app", {"code": person.code()}).headers["Location"] == "/accounts/login/"
    )
    assert not is_signed_in(client)
