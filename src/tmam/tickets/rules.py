"""How a ticket's facts become the body of its token. Pure."""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta

from tmam.kernel.place import PLACE_BYTES, Place, decode_place, encode_place
from tmam.kernel.token import DurationUnit

_LONGEST = 65_535
_UNITS: tuple[tuple[DurationUnit, timedelta], ...] = (
    ("minutes", timedelta(minutes=1)),
    ("hours", timedelta(hours=1)),
    ("days", timedelta(days=1)),
)


@functools.lru_cache(maxsize=4096)
def token_validity(valid_from: datetime, valid_until: datetime) -> tuple[datetime, int, DurationUnit]:
    """A validity as a token says it: whole minute of the beginning (UTC), duration, unit.

    The finest unit that fits is taken: minutes up to 45 days, hours up to 7 years, then days. The beginning is
    rounded down and the duration up, so a token never says less than its ticket's row, which stays exact.

    Raises:
        ValueError: it ends before it begins, or lasts more than 65,535 days.
    """
    begin = valid_from.astimezone(UTC).replace(second=0, microsecond=0)
    lasting = valid_until - begin
    if lasting <= timedelta(0):
        raise ValueError(f"a ticket cannot end ({valid_until}) before it begins ({valid_from})")
    for unit, length in _UNITS:
        duration = -(-lasting // length)
        if duration <= _LONGEST:
            return begin, duration, unit
    raise ValueError(f"a ticket cannot be valid for {lasting}")


def packed_place(place: Place | None) -> bytes | None:
    """A place as a ticket's row keeps it: kind and five bytes; None for no numbered place."""
    if place is None:
        return None
    kind, packed = encode_place(place)
    return bytes([kind]) + packed


def unpacked_place(stored: bytes | memoryview | None) -> Place | None:
    """The place that `packed_place` packed.

    Raises:
        ValueError: not what `packed_place` makes.
    """
    if stored is None:
        return None
    raw = bytes(stored)
    if len(raw) != 1 + PLACE_BYTES:
        raise ValueError(f"a stored place has {1 + PLACE_BYTES} bytes, not {len(raw)}")
    return decode_place(raw[0], raw[1:])
