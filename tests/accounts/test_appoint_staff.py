"""Naming staff: only accounts that have proven the address, once, on record, gone at once."""

import pytest
from allauth.account.models import EmailAddress

from tests.cast import NOW, make_user
from tmam.accounts.appoint_staff import NoSuchAccountError, appoint_staff, dismiss_staff, staff_addresses
from tmam.accounts.models import SecurityEntry, User

pytestmark = pytest.mark.django_db


def names(user: User) -> list[tuple[str, str]]:
    return list(SecurityEntry.objects.filter(user=user).order_by("id").values_list("name", "actor"))


def test_an_account_becomes_staff_once_and_it_is_on_record() -> None:
    user = make_user()
    assert appoint_staff(user.email.upper(), now=NOW)
    assert not appoint_staff(user.email, now=NOW)
    assert user.email in staff_addresses()
    assert dismiss_staff(user.email, now=NOW)
    assert not dismiss_staff(user.email, now=NOW)
    assert user.email not in staff_addresses()
    assert names(user) == [("account.staff_appointed", "operator"), ("account.staff_dismissed", "operator")]


def test_an_address_that_nobody_has_proven_makes_nobody_staff() -> None:
    user = make_user()
    EmailAddress.objects.filter(user=user).update(verified=False)
    for email in (user.email, "nobody@nowhere.example", ""):
        with pytest.raises(NoSuchAccountError):
            appoint_staff(email, now=NOW)
    assert not User.objects.get(pk=user.pk).is_staff
