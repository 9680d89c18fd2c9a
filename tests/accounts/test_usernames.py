"""User names have one shape, belong to one person whatever their case, and are no address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import NOW, make_user, unique
from tmam.accounts.happenings import Happening
from tmam.accounts.logins import person_of_login
from tmam.accounts.models import SecurityEntry
from tmam.accounts.security_log import NOWHERE
from tmam.accounts.usernames import RESERVED, change_username, is_well_formed


@pytest.mark.parametrize("name", ["ana", "Ana.Belmonte", "a-1", "x_y_z", "0815"])
def test_good_names(name: str) -> None:
    assert is_well_formed(name)


@pytest.mark.parametrize(
    "name", ["", "an", "a" * 31, "ana@home", "ana..b", ".ana", "ana-", "añe", "a na", "аna"]
)
def test_names_that_are_none(name: str) -> None:
    assert not is_well_formed(name)


@given(st.text(max_size=40))
def test_no_name_looks_like_an_address(name: str) -> None:
    assert not (is_well_formed(name) and "@" in name)


def test_reserved_names_could_be_typed() -> None:
    assert [name for name in RESERVED if name != name.lower()] == []


@pytest.mark.django_db
def test_a_name_is_one_persons_and_leads_to_them() -> None:
    ana, bea, name = make_user(), make_user(), unique("Ana")
    assert change_username(ana, name, now=NOW, visit=NOWHERE)
    assert not change_username(bea, name.upper(), now=NOW, visit=NOWHERE)
    assert not change_username(bea, "Support", now=NOW, visit=NOWHERE)
    assert not change_username(bea, "tmam-tickets", now=NOW, visit=NOWHERE)
    assert person_of_login(f" {name.lower()} ") == ana
    assert person_of_login(ana.email.upper()) == ana
    assert change_username(ana, None, now=NOW, visit=NOWHERE)
    assert person_of_login(name) is None
    assert change_username(bea, name, now=NOW, visit=NOWHERE)
    assert SecurityEntry.objects.filter(user=ana, name=Happening.USERNAME_CHANGED).count() == 2


@pytest.mark.django_db
def test_a_proven_address_goes_before_a_typed_one() -> None:
    from allauth.account.models import EmailAddress

    typed, proven = make_user(), make_user()
    address = f"{unique('ana')}@buyers.example"
    EmailAddress.objects.create(user=typed, email=address, verified=False, primary=False)
    assert person_of_login(address) is None, "an address that nobody proved is not a login"
    EmailAddress.objects.create(user=proven, email=address, verified=True, primary=False)
    assert person_of_login(address) == proven
