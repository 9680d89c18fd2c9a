"""Which passwords are refused, and that good ones are not."""

import random
import string

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tmam.accounts.common_passwords import LIST_FILE, is_common
from tmam.accounts.models import User
from tmam.accounts.passwords import is_sequence

ANA = User(email="ana.belmonte@buyers.example", name="Ana Belmonte", username="belmonte.ana")


def code_of(password: str, user: User | None = None) -> str | None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return error.error_list[0].code
    return None


@pytest.mark.parametrize(
    "password",
    [
        "password12",
        "Password123!",
        "ＰＡＳＳＷＯＲＤ１２３",  # full width: the same letters
        "1q2w3e4r5t",
        "letmein2026!!",
        "!!dragon!!99",
        "iloveyou12",
        "passwordpassword",
    ],
)
def test_what_everybody_uses_is_refused(password: str) -> None:
    assert code_of(password) == "password_too_common"


@pytest.mark.parametrize(
    "password",
    ["abcdefghijkl", "lkjhgfdsapoiuy", "98765432109", "xyxyxyxyxyxy", "zzzzzzzzzzzzzz", "asdfghjklñqw"],
)
def test_rows_of_keys_and_repetitions_are_refused(password: str) -> None:
    assert code_of(password) in {"password_sequence", "password_too_common"}
    assert is_sequence(password)


@pytest.mark.parametrize(
    "password",
    ["belmonteana7", "ana.belmonte@buyers.example", "etnomleb2026", "Tmam tmam 26", "belmonte.ana"],
)
def test_ones_own_name_and_ours_are_refused(password: str) -> None:
    assert code_of(password, ANA) == "password_too_similar"


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "three quiet lanterns",
        "tres faroles callados",
        "un tren azul de madera",
        "v8-nQ2!xkTz0",
        "雨が降る日に傘を買う人",
        "ana buys nine lemons",
    ],
)
def test_good_ones_are_taken(password: str) -> None:
    assert code_of(password, ANA) is None


def test_length_is_counted_in_letters_and_has_an_end() -> None:
    assert code_of("short one") == "password_too_short"
    assert code_of("a" + " " * 20 + "b" * 1_000) == "password_too_long"


def test_chance_hardly_ever_refuses() -> None:
    chance = random.Random(7)  # noqa: S311 - a fixed sequence, no secret
    refused = sum(is_common("".join(chance.choices(string.ascii_letters, k=16))) for _ in range(20_000))
    assert refused <= 10


def test_the_list_is_whole_and_small() -> None:
    size = LIST_FILE.stat().st_size
    assert 200_000 * 4 < size < 2_000_000
    assert size % 4 == 0


@given(st.text(min_size=1, max_size=40))
def test_any_text_gets_an_answer(password: str) -> None:
    assert code_of(password) in {
        None,
        "password_too_short",
        "password_too_common",
        "password_sequence",
        "password_too_similar",
    }
