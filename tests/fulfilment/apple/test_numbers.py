"""Serial numbers and secrets of passes: derived, lasting, opaque, not to be invented."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tmam.fulfilment.apple.numbers import (
    PassNumber,
    is_update_secret,
    pass_number,
    read_pass_number,
    update_secret,
)

SECRET = "a secret of this test"
NUMBERS = st.builds(PassNumber, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 255))


@given(NUMBERS)
def test_a_number_leads_back_to_its_ticket_and_lasts(of: PassNumber) -> None:
    number = pass_number(SECRET, of)
    assert read_pass_number(SECRET, number) == of
    assert number == pass_number(SECRET, of)
    assert read_pass_number("another site", number) is None


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[0-9a-fA-F]{32}", fullmatch=True)))
def test_what_we_did_not_make_means_nothing(text: str) -> None:
    assert read_pass_number(SECRET, text) is None


@given(NUMBERS, NUMBERS)
def test_each_pass_has_its_own_secret(one: PassNumber, other: PassNumber) -> None:
    numbers = [pass_number(SECRET, each) for each in (one, other)]
    secret = update_secret(SECRET, numbers[0])
    assert len(secret) >= 16, "what Apple asks for"
    assert is_update_secret(SECRET, numbers[0], secret)
    assert is_update_secret(SECRET, numbers[1], secret) == (one == other)
    assert not is_update_secret(SECRET, numbers[0], secret.upper() if secret != secret.upper() else "")
    assert not is_update_secret(SECRET, numbers[0], "ñ")


def test_numbers_say_nothing_about_their_order() -> None:
    numbers = [pass_number(SECRET, PassNumber(7, serial, 0)) for serial in range(1, 200)]
    assert numbers != sorted(numbers)
    assert len({number[:4] for number in numbers}) > 150
    assert pass_number(SECRET, PassNumber(7, 1, 1)) not in numbers
