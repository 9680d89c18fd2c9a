"""The main address stays: by no request can an account be left without one."""

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.test import Client

from tests.cast import PASSWORD, make_user, unique
from tmam.accounts.addresses import is_spare
from tmam.accounts.models import User

pytestmark = pytest.mark.django_db
PAGE = "/accounts/email/"


def signed_in(client: Client) -> User:
    user = make_user()
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.get(PAGE)
    return user


def another(user: User, *, verified: bool, primary: bool = False) -> EmailAddress:
    return EmailAddress.objects.create(
        user=user, email=f"{unique('more')}@buyers.example", verified=verified, primary=primary
    )


@pytest.mark.parametrize("has_another", [False, True])
def test_the_main_address_cannot_be_removed(client: Client, has_another: bool) -> None:
    user = signed_in(client)
    if has_another:
        another(user, verified=True)
    answer = client.post(PAGE, {"email": user.email, "action_remove": "1"}, follow=True)
    assert f"{user.email} was not removed" in answer.content.decode()
    assert EmailAddress.objects.filter(user=user, email=user.email).exists()
    assert User.objects.get(pk=user.pk).email == user.email


def test_the_last_proven_address_cannot_be_removed(client: Client) -> None:
    user = signed_in(client)
    EmailAddress.objects.filter(user=user).update(verified=False)
    proven = another(user, verified=True)
    answer = client.post(PAGE, {"email": proven.email, "action_remove": "1"}, follow=True)
    assert f"{proven.email} was not removed" in answer.content.decode()
    assert not is_spare(proven)


def test_a_spare_address_can(client: Client) -> None:
    user = signed_in(client)
    for verified in (True, False):
        spare = another(user, verified=verified)
        client.post(PAGE, {"email": spare.email, "action_remove": "1"})
        assert not EmailAddress.objects.filter(pk=spare.pk).exists()
    assert User.objects.get(pk=user.pk).email == user.email


def test_the_table_holds_nobody_without_an_address() -> None:
    user = make_user()
    with pytest.raises(IntegrityError, match="user_has_an_address"), transaction.atomic():
        User.objects.filter(pk=user.pk).update(email="")
