"""Fields of rows as values. Each reads one, or notes what is wrong with it and answers None."""

from __future__ import annotations

import math
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tmam.timetables.errors import ValueMissingError, ValueWrongError
from tmam.timetables.feed_files import Row
from tmam.timetables.service_days import parse_time
from tmam.timetables.troubles import Troubles, shown


class Fields:
    """The fields of the rows of one file."""

    def __init__(self, file: str, troubles: Troubles) -> None:
        self.file = file
        self.troubles = troubles

    def wrong(self, row: Row, column: str) -> None:
        """Note that a field holds something that its column does not allow."""
        self.troubles(ValueWrongError(self.file, row.line, column, shown(row[column])))

    def text(self, row: Row, column: str, longest: int = 200) -> str | None:
        """A text that must be there."""
        value = row[column]
        if not value:
            self.troubles(ValueMissingError(self.file, row.line, column))
            return None
        if len(value) > longest or not value.isprintable():
            self.wrong(row, column)
            return None
        return value

    def whole(self, row: Row, column: str, least: int, most: int, default: int | None = None) -> int | None:
        """A whole number; `default` stands for an empty field, which is an error without one."""
        value = row[column]
        if not value and default is not None:
            return default
        if not value:
            self.troubles(ValueMissingError(self.file, row.line, column))
            return None
        if value.isascii() and value.isdigit() and len(value) <= 10 and least <= int(value) <= most:
            return int(value)
        self.wrong(row, column)
        return None

    def number(self, row: Row, column: str, least: float, most: float) -> float | None:
        """A number in a range. Empty is wrong too."""
        try:
            number = float(row[column])
        except ValueError:
            number = math.nan
        if least <= number <= most:
            return number
        self.wrong(row, column)
        return None

    def zone(self, row: Row, column: str) -> str | None:
        """The name of a time zone (`Europe/Madrid`)."""
        name = row[column]
        if is_zone(name):
            return name
        self.wrong(row, column)
        return None

    def time(self, row: Row, column: str) -> int | None:
        """A time of the service day in seconds, see `parse_time`."""
        seconds = parse_time(row[column])
        if seconds is None:
            self.wrong(row, column)
        return seconds


def is_zone(name: str) -> bool:
    """Whether it is the name of a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)
