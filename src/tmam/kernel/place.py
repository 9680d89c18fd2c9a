"""Where a ticket's holder sits or stands, as five bytes inside the token.

| kind | number | byte 0 | bytes 1–2 | bytes 3–4 |
|---|---|---|---|---|
| no numbered place | 0 | zero | zero | zero |
| seat in a hall | 1 | block u8 | row u16 | seat u16 |
| seat in a coach, between two stops | 2 | coach u8 | seat u16 | from stop u8, to stop u8 |

All numbers are big-endian ordinals of the seat plan or the timetable, not the labels that people read.
Kinds 3 to 7 are reserved.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TypeAlias

PLACE_BYTES = 5
NO_PLACE_KIND, SEAT_KIND, COACH_KIND = 0, 1, 2
_SEAT = struct.Struct(">BHH")
_COACH = struct.Struct(">BHBB")
_NOTHING = bytes(PLACE_BYTES)


@dataclass(frozen=True)
class SeatPlace:
    """A numbered seat of a hall: `block` 0–255, `row` and `seat` 0–65535, as the seat plan counts them."""

    block: int
    row: int
    seat: int


@dataclass(frozen=True)
class CoachPlace:
    """A seat on a train or bus: `coach` 0–255, `seat` 0–65535, for the trip from one stop to another (0–255)."""

    coach: int
    seat: int
    from_stop: int
    to_stop: int


Place: TypeAlias = SeatPlace | CoachPlace


def encode_place(place: Place | None) -> tuple[int, bytes]:
    """The kind number and the five bytes of a place.

    Raises:
        ValueError: a number does not fit its field.
    """
    if place is None:
        return NO_PLACE_KIND, _NOTHING
    try:
        if isinstance(place, SeatPlace):
            return SEAT_KIND, _SEAT.pack(place.block, place.row, place.seat)
        return COACH_KIND, _COACH.pack(place.coach, place.seat, place.from_stop, place.to_stop)
    except struct.error as error:
        raise ValueError(f"{place} does not fit a token: {error}") from error


def decode_place(kind: int, packed: bytes) -> Place | None:
    """The place that `encode_place` packed.

    Raises:
        ValueError: an unknown kind, or bytes set that the kind does not use.
    """
    if kind == SEAT_KIND:
        return SeatPlace(*_SEAT.unpack(packed))
    if kind == COACH_KIND:
        return CoachPlace(*_COACH.unpack(packed))
    if kind == NO_PLACE_KIND and packed == _NOTHING:
        return None
    raise ValueError(f"no place has kind {kind} and bytes {packed.hex()}")
