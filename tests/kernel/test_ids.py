from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmam.kernel.ids import encode_base32, new_booking_reference, new_uuid7, parse_booking_reference

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_a_uuid7_says_its_version_and_sorts_by_time() -> None:
    first, second = new_uuid7(NOW), new_uuid7(NOW + timedelta(milliseconds=1))
    assert (first.version, first.variant) == (7, "specified in RFC 4122")
    assert first < second
    assert first.int >> 80 == int(NOW.timestamp() * 1000)


@given(st.integers(0, 2**74 - 1))
def test_all_random_bits_are_kept(bits: int) -> None:
    value = new_uuid7(NOW, bits).int
    assert (value >> 64 & 0xFFF) << 62 | value & (1 << 62) - 1 == bits


@given(st.integers(1, 2**31 - 1), st.integers(0, 2**30 - 1))
def test_a_reference_carries_its_event_and_survives_being_typed(event_id: int, bits: int) -> None:
    reference = new_booking_reference(event_id, bits)
    assert parse_booking_reference(reference) == (event_id, reference)
    careless = f" {reference.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    assert parse_booking_reference(careless) == (event_id, reference)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "-", "ABC", "12345678901234567890", "1-ABC", "1-ABCDE!", "é-ABCDEF", "1-ABCDEFG"),
        *("7ZZZZZZ-000000", "2000000-ABCDEF", "0-ABCDEF"),
    ],
)
def test_what_is_no_reference_is_none(typed: str) -> None:
    assert parse_booking_reference(typed) is None


def test_base_32_needs_no_letters_that_look_like_digits() -> None:
    assert encode_base32(0) == "0"
    assert not set("ILOU") & set("".join(encode_base32(number) for number in range(1024)))
