from __future__ import annotations

import pytest

from tmam.orders.identities import account_identity, card_identity, email_identity, people
from tmam.orders.typed import Problem, TypedWrongError, read_phone


@pytest.mark.parametrize(
    "typed", ["ana@example.org", " Ana@Example.ORG ", "ANA@example.org", "\uff41na@example.org"]
)
def test_one_address_has_one_spelling(typed: str) -> None:
    assert email_identity(typed) == "ana@example.org"


def test_other_people_stay_other_people() -> None:
    assert email_identity("ana@example.org") != email_identity("ana+1@example.org")
    assert account_identity(7) == "7"
    assert card_identity("sandbox", "x") != card_identity("bank", "x")


def test_who_is_not_known_is_nobody() -> None:
    assert people(email="", phone="", user_id=None) == {"email": "", "phone": "", "account": ""}


@pytest.mark.parametrize(
    "typed",
    ["+34600123456", "0034 600 123 456", "+34 600-12.34/56", "tel:+34600123456", "+34 (0)600 123 456"],
)
def test_phones_are_read_as_people_write_them(typed: str) -> None:
    assert read_phone(typed) == "+34600123456"


def test_full_width_digits_are_digits() -> None:
    assert read_phone("\uff0b\uff13\uff14\uff16\uff10\uff10 123 456") == "+34600123456"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", Problem.PHONE_MISSING),
        (" - ", Problem.PHONE_MISSING),
        ("600 123 456", Problem.PHONE_WITHOUT_COUNTRY),
        ("+0600123456", Problem.PHONE_UNREADABLE),
        ("+34 600", Problem.PHONE_UNREADABLE),
        ("+34600123456789012", Problem.PHONE_UNREADABLE),
        ("my phone", Problem.PHONE_UNREADABLE),
        ("+34 600 123 45x", Problem.PHONE_UNREADABLE),
    ],
)
def test_what_is_no_phone_is_told_apart(typed: str, problem: Problem) -> None:
    with pytest.raises(TypedWrongError) as caught:
        read_phone(typed)
    assert caught.value.problem is problem
