"""The trips of one event into the catalogue, with their places, beside what is sold already: one verb."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from tmam.inventory.counter_keys import pool_counter_id
from tmam.inventory.open_counters import open_segment_counters
from tmam.platform.event_log import Fact, log_facts
from tmam.platform.statements import Row, Verb, statement
from tmam.timetables.line_changes import Changes, ends_at
from tmam.timetables.lines import Trip

ROWS_PER_STATEMENT = 10_000
# (date ordinal, segment, pool, capacity)
Place = tuple[int, int, int, int]
T = TypeVar("T")


@dataclass(frozen=True)
class Offering:
    """The event that the trips belong to: places by pool, numbers of its patterns, time zones by station."""

    event_id: int
    capacities: Mapping[int, int]
    pattern_numbers: Mapping[object, int]
    time_zones: Sequence[str]
    sale_opens_days_before: int
    feed: str


def write_trips(offering: Offering, changes: Changes, now: datetime) -> Verb[list[str]]:
    """Write the changes; those of trips that somebody has reserved or bought are taken out of `changes` instead.

    Returns the keys of the trips that stay as they were sold. Locks the counters of the trips that change; logs
    `event.timetable_imported` if anything did.
    """
    event_id = offering.event_id
    kept = yield from _settle_with_sales(offering, changes)
    put = statement("tmam.timetables", "put_trips")
    for trips in in_batches([*changes.new, *changes.changed], ROWS_PER_STATEMENT):
        yield put, (event_id, *_trip_columns(offering, trips))
    if changes.gone:
        ordinals = [trip.ordinal for trip in changes.gone]
        yield statement("tmam.timetables", "withdraw_trips"), (event_id, ordinals)
    yield from open_places(event_id, _places(offering, changes.new))
    if changes.new or changes.changed or changes.gone:
        data = {"new": len(changes.new), "changed": len(changes.changed), "withdrawn": len(changes.gone)}
        fact = Fact("event.timetable_imported", now, "system", {"feed": offering.feed, **data})
        yield from log_facts(event_id, [fact])
    return kept


def open_places(event_id: int, places: Sequence[Place]) -> Verb[None]:
    """Open or resize the places of trips, each `(date ordinal, segment, pool, capacity)`, a bounded number at a time."""
    for some in in_batches(sorted(places), ROWS_PER_STATEMENT):
        yield from open_segment_counters(event_id, some)


def in_batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in order, so many at a time."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _places(offering: Offering, trips: Sequence[tuple[int, Trip]]) -> list[Place]:
    return [
        (ordinal, segment, pool, capacity)
        for ordinal, trip in trips
        for segment in range(trip.pattern.segments)
        for pool, capacity in offering.capacities.items()
    ]


def _trip_columns(offering: Offering, trips: Sequence[tuple[int, Trip]]) -> tuple[list[object], ...]:
    opens_before = timedelta(days=offering.sale_opens_days_before)
    rows = [
        (
            ordinal,
            trip.starts_at,
            ends_at(trip),
            trip.starts_at - opens_before,
            trip.starts_at,  # at the first stop; for later ones the hold adds the time to their departure
            offering.time_zones[trip.pattern.stations[0]],
            offering.pattern_numbers[trip.pattern],
            trip.code,
            trip.key,
        )
        for ordinal, trip in trips
    ]
    return tuple(list(column) for column in zip(*rows, strict=True))


def _settle_with_sales(offering: Offering, changes: Changes) -> Verb[list[str]]:
    """Take out of the changes what is sold or reserved (returned), and bring the places of the rest in line."""
    pools, sizes = list(offering.capacities), list(offering.capacities.values())
    rows = yield (
        statement("tmam.timetables", "resized_trips"),
        (offering.event_id, list(changes.unchanged), pools, sizes),
    )
    resized = [ordinal for (ordinal,) in rows]
    touched = {
        *resized,
        *(ordinal for ordinal, _ in changes.changed),
        *(trip.ordinal for trip in changes.gone),
    }
    if not touched:
        return []
    rows = yield statement("tmam.timetables", "lock_trip_counters"), (offering.event_id, sorted(touched))
    counters: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        counters[row[1]].append(row)
    used = {ordinal for ordinal, of_trip in counters.items() if any(row[5] for row in of_trip)}
    kept = [trip.key for ordinal, trip in changes.changed if ordinal in used]
    kept += [trip.key for trip in changes.gone if trip.ordinal in used]
    changes.changed = [each for each in changes.changed if each[0] not in used]
    changes.gone = [each for each in changes.gone if each.ordinal not in used]
    yield from _fit_places(offering, changes, counters)
    too_small = yield from _resize(offering, resized, counters)
    return kept + [changes.unchanged[ordinal] for ordinal in too_small]


def _fit_places(offering: Offering, changes: Changes, counters: Mapping[int, list[Row]]) -> Verb[None]:
    """Give changed trips the segments of their new stops."""
    wanted = _places(offering, changes.changed)
    ids = {pool_counter_id(*place[:3]) for place in wanted}
    surplus = [row[0] for ordinal, _ in changes.changed for row in counters[ordinal] if row[0] not in ids]
    if surplus:
        yield statement("tmam.timetables", "drop_counters"), (offering.event_id, surplus)
    yield from open_places(offering.event_id, wanted)


def _resize(
    offering: Offering, ordinals: Sequence[int], counters: Mapping[int, list[Row]]
) -> Verb[list[int]]:
    """Give trips their new numbers of places; returns those where more are sold or reserved than there would be."""
    places: list[Place] = []
    too_small: list[int] = []
    for ordinal in ordinals:
        rows = [row for row in counters[ordinal] if row[3] in offering.capacities]
        if any(row[5] > offering.capacities[row[3]] for row in rows):
            too_small.append(ordinal)
        else:
            places += [(ordinal, row[2], row[3], offering.capacities[row[3]]) for row in rows]
    yield from open_places(offering.event_id, places)
    return too_small
