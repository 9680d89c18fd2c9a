"""From the season's texts to the catalogue's numbers: prices in minor units, pools by number. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from tmam.demo.season_files import EventEntry, Season
from tmam.demo.seat_plans import pool_capacities


@dataclass(frozen=True)
class Pool:
    """A pool of an event: its number and how many places each date has of it."""

    number: int
    capacity: int


def pools_by_name(event: EventEntry, season: Season) -> dict[str, Pool]:
    """The event's pools, numbered from 1 in their order; those of its seat plan if it has one."""
    capacities = pool_capacities(season.plans[event.plan]) if event.plan else event.pools
    return {
        name: Pool(number, capacity) for number, (name, capacity) in enumerate(capacities.items(), start=1)
    }
