"""Passwords of the cast: documented on loopback, others when other machines are served."""

from __future__ import annotations

import pytest

from tests.cast import make_organizer
from tmam.accounts.models import User
from tmam.demo.cast import DEMO_PASSWORDS, make_cast

pytestmark = pytest.mark.django_db


def test_given_passwords_replace_the_documented_ones() -> None:
    logins = make_cast([make_organizer()], {"steward": "something-else-9"})
    assert logins["steward"].password == "something-else-9"
    assert logins["buyer"].password == DEMO_PASSWORDS["buyer"]
    steward = User.objects.get(email=logins["steward"].email)
    assert steward.check_password("something-else-9")
    assert not steward.check_password(DEMO_PASSWORDS["steward"])
