"""Codes as people paste them."""

from __future__ import annotations

import pytest

from tmam.kernel.ids import parse_booking_reference
from tmam.kernel.typed_codes import letters_and_digits, typed_digits, visible

PASTED = [
    "123 456",
    "\u200e123456\u200f",
    "\u2068123\u00a0456\u2069",
    "１２３４５６",
    "\ufeff12\u200b34\u00ad56\n",
    "123\u2011456",
    "١٢٣٤٥٦",
]


@pytest.mark.parametrize("pasted", PASTED)
def test_what_nobody_sees_costs_no_try(pasted: str) -> None:
    assert typed_digits(pasted) == letters_and_digits(pasted) == "123456"


def test_letters_keep_their_dashes_where_those_count() -> None:
    assert visible(" early\u2013bird\u200b ") == "EARLY-BIRD"
    assert letters_and_digits("7k2qx\u2212d93fa") == "7K2QXD93FA"


def test_a_long_text_is_not_read_to_its_end() -> None:
    assert len(visible("1" * 100_000)) == 200


def test_a_booking_reference_is_read_as_it_was_pasted() -> None:
    assert parse_booking_reference("\u200e２D\u20117k2m9q\u00a0") == (77, "2D-7K2M9Q")
