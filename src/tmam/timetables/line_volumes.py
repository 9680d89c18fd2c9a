"""A line's trips spread over events: one, or more when a line has more trips than an event may have dates. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tmam.timetables.lines import Trip

DATES_MAX = 65_535


@dataclass
class Volume:
    """One event of a line: its number (from 1), the ordinals it has given out, and the trips that belong to it."""

    number: int
    next_ordinal: int
    trips: list[Trip] = field(default_factory=list)


def volume_key(feed: str, line: str, number: int) -> str:
    """The import key of a volume; the first one has no number, as most lines have no other."""
    return f"{feed}:{line}" + (f"#{number}" if number > 1 else "")


def spread(trips: Sequence[Trip], known: Mapping[str, int], given_out: Mapping[int, int]) -> list[Volume]:
    """The volumes with their trips: known ones (trip key → volume) stay where they are, new ones fill the last.

    `given_out` has the highest ordinal of each volume that exists.
    """
    volumes = [Volume(number, highest + 1) for number, highest in sorted(given_out.items())]
    volumes = volumes or [Volume(1, 1)]
    by_number = {volume.number: volume for volume in volumes}
    room = DATES_MAX + 1 - volumes[-1].next_ordinal
    for trip in trips:
        if (number := known.get(trip.key)) is not None:
            by_number[number].trips.append(trip)
            continue
        if room <= 0:
            volumes.append(Volume(volumes[-1].number + 1, 1))
            room = DATES_MAX
        volumes[-1].trips.append(trip)
        room -= 1
    return volumes
