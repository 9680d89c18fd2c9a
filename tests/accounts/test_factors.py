"""Which second factors somebody has, and that the last one stays where it must."""

import contextlib

import pytest
from allauth.mfa.models import Authenticator

from tests.cast import NOW, make_user
from tests.threads import at_the_same_moment
from tmam.accounts.errors import FactorRequiredError
from tmam.accounts.factors import has_second_factor, remove_factor
from tmam.accounts.recovery_codes import codes_left, make_codes


def add(user_id: int, kind: str = Authenticator.Type.WEBAUTHN) -> Authenticator:
    factor: Authenticator = Authenticator.objects.create(user_id=user_id, type=kind, data={})
    return factor


@pytest.mark.django_db
def test_recovery_codes_alone_are_no_factor() -> None:
    user = make_user()
    make_codes(user.pk, now=NOW)
    assert not has_second_factor(user.pk)


@pytest.mark.django_db
def test_codes_stay_as_long_as_they_replace_something() -> None:
    user = make_user()
    first, second = add(user.pk), add(user.pk)
    make_codes(user.pk, now=NOW)
    remove_factor(user.pk, first.delete, must_keep_one=True)
    assert codes_left(user.pk) is not None
    remove_factor(user.pk, second.delete, must_keep_one=False)
    assert codes_left(user.pk) is None
    assert not has_second_factor(user.pk)


@pytest.mark.django_db
def test_the_last_factor_stays_where_one_is_required() -> None:
    user = make_user()
    factor = add(user.pk, Authenticator.Type.TOTP)
    make_codes(user.pk, now=NOW)
    with pytest.raises(FactorRequiredError):
        remove_factor(user.pk, factor.delete, must_keep_one=True)
    assert has_second_factor(user.pk)
    assert codes_left(user.pk) is not None


def test_of_two_factors_removed_at_the_same_moment_one_stays(live_database: None) -> None:
    user = make_user()
    waiting = [add(user.pk), add(user.pk)]

    def remove_one() -> None:
        factor_id = waiting.pop().pk
        with contextlib.suppress(FactorRequiredError):
            remove_factor(
                user.pk, lambda: Authenticator.objects.filter(pk=factor_id).delete(), must_keep_one=True
            )

    at_the_same_moment(2, remove_one)
    assert Authenticator.objects.filter(user=user).count() == 1
