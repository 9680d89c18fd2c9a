"""How a validity becomes a duration and a unit, and a place becomes bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmam.kernel.place import CoachPlace, SeatPlace
from tmam.tickets.rules import packed_place, token_validity, unpacked_place

FROM = datetime(2026, 12, 5, 18, 0, tzinfo=UTC)
instants = st.datetimes(datetime(1971, 1, 1), datetime(2400, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("lasting", "duration", "unit"),
    [
        (timedelta(seconds=1), 1, "minutes"),
        (timedelta(hours=6), 360, "minutes"),
        (timedelta(minutes=65_535), 65_535, "minutes"),
        (timedelta(minutes=65_535, seconds=1), 1093, "hours"),
        (timedelta(hours=65_535), 65_535, "hours"),
        (timedelta(hours=65_535, seconds=1), 2731, "days"),
        (timedelta(days=65_535), 65_535, "days"),
    ],
)
def test_the_finest_unit_that_fits_rounded_up(lasting: timedelta, duration: int, unit: str) -> None:
    assert token_validity(FROM, FROM + lasting) == (FROM, duration, unit)


def test_the_beginning_is_rounded_down_and_said_in_utc() -> None:
    madrid = datetime(2026, 12, 5, 19, 0, 59, tzinfo=ZoneInfo("Europe/Madrid"))
    assert token_validity(madrid, FROM + timedelta(hours=1)) == (FROM, 60, "minutes")


@pytest.mark.parametrize("until", [FROM, FROM - timedelta(days=1), FROM + timedelta(days=65_535, seconds=1)])
def test_impossible_validities(until: datetime) -> None:
    with pytest.raises(ValueError, match="cannot"):
        token_validity(FROM, until)


@given(instants, st.timedeltas(timedelta(seconds=1), timedelta(days=60_000)))
def test_a_token_never_says_less_than_its_ticket(valid_from: datetime, lasting: timedelta) -> None:
    begin, duration, unit = token_validity(valid_from, valid_from + lasting)
    assert begin <= valid_from < begin + timedelta(minutes=1)
    until = begin + timedelta(**{unit: duration})
    assert valid_from + lasting <= until < valid_from + lasting + timedelta(**{unit: 1})


@pytest.mark.parametrize("place", [None, SeatPlace(1, 300, 12), CoachPlace(11, 61, 2, 9)])
def test_places_survive_storage(place: SeatPlace | CoachPlace | None) -> None:
    stored = packed_place(place)
    assert unpacked_place(stored) == place
    assert stored is None or len(stored) == 6


@pytest.mark.parametrize("stored", [b"", b"\x01", b"\x07" + bytes(5), b"\x00\x00\x00\x00\x00\x01"])
def test_bytes_that_are_no_place(stored: bytes) -> None:
    with pytest.raises(ValueError, match="place"):
        unpacked_place(stored)
