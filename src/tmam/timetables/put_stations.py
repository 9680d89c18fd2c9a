"""Stations and airports become venues, found again by their stop code."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial

from django.utils.text import slugify

from tmam.catalog.models import Venue
from tmam.timetables.lines import Station
from tmam.timetables.once_more import once_more_after_a_race

BATCH = 1000
_FIELDS = ("name", "city", "country", "latitude", "longitude", "time_zone", "change_minutes")


def put_stations(stations: Sequence[Station]) -> list[int]:
    """Make or update the venues of some stations; their numbers in the same order. Repeating it changes nothing."""
    return once_more_after_a_race(partial(_put_stations, stations))


def _put_stations(stations: Sequence[Station]) -> list[int]:
    codes = [station.code for station in stations]
    known = {
        venue.stop_code: venue for venue in Venue.objects.filter(stop_code__in=codes).select_for_update()
    }
    new, changed = [], []
    for station in stations:
        venue = known.get(station.code)
        if venue is None:
            values = {name: getattr(station, name) for name in _FIELDS}
            venue = known[station.code] = Venue(slug=_slug(station), stop_code=station.code, **values)
            new.append(venue)
        elif any(getattr(venue, name) != getattr(station, name) for name in _FIELDS):
            for name in _FIELDS:
                setattr(venue, name, getattr(station, name))
            changed.append(venue)
    Venue.objects.bulk_create(new, batch_size=BATCH)
    Venue.objects.bulk_update(changed, _FIELDS, batch_size=BATCH)
    return [known[code].pk for code in codes]


def _slug(station: Station) -> str:
    digest = hashlib.sha256(station.code.encode()).hexdigest()[:10]
    return f"{slugify(station.name)[:38]}-{digest}".lstrip("-")
