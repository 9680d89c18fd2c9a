"""The short name of a time zone, as people in that place write it."""

from __future__ import annotations

from datetime import datetime


def zone_short_name(local: datetime) -> str:
    """`CET`, `AST`; where the tz database has no letters for a place, `GMT-3`, `GMT+5:30`. Needs an aware instant.

    Not asked of CLDR: for a reader abroad it writes bare offsets (`+0100` for Madrid in American English).
    """
    name = local.tzname() or ""
    if name.isalpha():
        return name
    offset = local.utcoffset()
    if offset is None:
        raise ValueError("the instant has no time zone")
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"GMT{sign}{hours}" + (f":{rest:02}" if rest else "")
