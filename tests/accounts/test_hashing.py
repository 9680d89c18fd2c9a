"""Hashing costs what is stated, on the cores it may have (the bounds: `platform/test_slots.py`)."""

import unicodedata

from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from pytest_django.fixtures import Settings

from tmam.accounts.hashing import BoundedArgon2Hasher, hash_slots


def test_half_the_cores_go_on_selling() -> None:
    assert [hash_slots(0, cores) for cores in (1, 2, 8)] == [1, 1, 4]
    assert hash_slots(3, 8) == 3


def test_the_stated_costs_are_in_the_hash(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["tmam.accounts.hashing.BoundedArgon2Hasher"]
    encoded = make_password("three quiet lanterns")
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert isinstance(identify_hasher(encoded), BoundedArgon2Hasher)


def test_the_same_letters_from_another_keyboard_are_the_same_password() -> None:
    composed = unicodedata.normalize("NFC", "tres lámparas ñoñas")
    apart = unicodedata.normalize("NFD", composed)
    assert composed != apart
    assert check_password(apart, make_password(composed))
