"""Airports: a list that comes with the program, and those that an import brings along."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from tmam.timetables.errors import SourceUnreadableError
from tmam.timetables.feed_files import Row, read_rows
from tmam.timetables.fields import Fields
from tmam.timetables.lines import Station
from tmam.timetables.troubles import Troubles


def read_airports(path: Path | None, troubles: Troubles) -> dict[str, Station]:
    """The airports that come with the program, and those of a file on top.

    Raises:
        TimetableError: the file cannot be read at all.
    """
    airports: dict[str, Station] = {}
    with resources.files("tmam.timetables").joinpath("airports.csv").open("rb") as stream:
        rows = read_rows(stream, "airports.csv", ("iata",), troubles)
        airports |= dict(filter(None, (_airport(Fields("airports.csv", troubles), row) for row in rows)))
    if path is not None:
        try:
            with path.open("rb") as stream:
                needed = ("iata", "name", "city", "country", "latitude", "longitude", "time_zone")
                rows = read_rows(stream, path.name, needed, troubles)
                fields = Fields(path.name, troubles)
                airports |= dict(filter(None, (_airport(fields, row) for row in rows)))
        except OSError:
            raise SourceUnreadableError(path.name) from None
    return airports


def _airport(fields: Fields, row: Row) -> tuple[str, Station] | None:
    code = row["iata"]
    if not re.fullmatch(r"[A-Z]{3}", code):
        fields.wrong(row, "iata")
        return None
    name, city = fields.text(row, "name"), fields.text(row, "city", 100)
    latitude = fields.number(row, "latitude", -90, 90)
    longitude = fields.number(row, "longitude", -180, 180)
    zone = fields.zone(row, "time_zone")
    minutes = fields.whole(row, "change_minutes", 0, 1440, default=60)
    if not re.fullmatch(r"[A-Z]{2}", row["country"]):
        fields.wrong(row, "country")
        return None
    if (
        name is None
        or city is None
        or zone is None
        or minutes is None
        or latitude is None
        or longitude is None
    ):
        return None
    return code, Station(f"iata:{code}", name, city, row["country"], latitude, longitude, zone, minutes)
