"""Addresses of trips: a search for journeys, and one journey by its rides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from tmam.kernel.ids import LARGEST_EVENT_ID
from tmam.timetables.journeys import Ride
from tmam.timetables.raptor import RIDES_MAX

_RIDES = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,5}){3}(?:~[0-9]{1,10}(?:\.[0-9]{1,5}){3}){0,2}")


def trips_path(language: str, params: Iterable[tuple[str, str]] = ()) -> str:
    """The address of a search for journeys."""
    query = urlencode([(name, value) for name, value in params if value])
    return f"/{language}/trips/" + (f"?{query}" if query else "")


def rides_text(rides: Iterable[Ride]) -> str:
    """Rides as an address names them: `event.date.from.to`, with `~` between them."""
    return "~".join(f"{ride.event_id}.{ride.date_ordinal}.{ride.from_stop}.{ride.to_stop}" for ride in rides)


def read_rides(text: str) -> list[Ride]:
    """The rides an address names; empty if it is nonsense."""
    if not _RIDES.fullmatch(text):
        return []
    rides = [Ride(*(int(part) for part in each.split("."))) for each in text.split("~")]
    fit = all(ride.event_id <= LARGEST_EVENT_ID and ride.date_ordinal <= 65_535 for ride in rides)
    return rides[:RIDES_MAX] if fit else []


def journey_path(language: str, rides: Sequence[Ride]) -> str:
    """The address of a journey."""
    return f"/{language}/trips/journey/?rides={rides_text(rides)}"
