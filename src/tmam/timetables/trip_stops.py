"""From the stop times of one trip to its pattern: pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

from tmam.timetables.gtfs_tables import Stop
from tmam.timetables.lines import STOPS_MAX, Pattern, Place, Station, great_circle_m, running_distances
from tmam.timetables.staging import StagedStop

NO_BOARDING, NO_ALIGHTING = 1, 2
# What shape_dist_traveled may be counted in: metres, kilometres, miles, feet.
UNITS_M = (1.0, 1000.0, 1609.344, 0.3048)
# Tracks are about a fifth longer than the straight lines between stations.
USUAL_DETOUR = 1.2
DETOUR_RANGE = (0.9, 3.0)


class UnusableTripError(Exception):
    """The stop times make no trip; the argument is the line of the row where that shows."""


def distance_unit_m(
    trips: Sequence[Sequence[StagedStop]], stops: Mapping[str, Stop], stations: Sequence[Station]
) -> float | None:
    """How many metres one unit of the feed's distances is, judged by straight lines; None: they make no sense."""
    ratios = []
    for trip in trips:
        known = [stop for stop in trip if stop.distance is not None and stop.stop_id in stops]
        if len(known) < 2:
            continue
        straight = running_distances([_place(stops, stations, stop) for stop in known])[-1]
        told = (known[-1].distance or 0.0) - (known[0].distance or 0.0)
        if straight > 0 and told > 0:
            ratios.append(straight / told)
    if not ratios:
        return None
    metres_per_unit = median(ratios)
    unit = min(UNITS_M, key=lambda each: abs(math.log(each / metres_per_unit / USUAL_DETOUR)))
    return unit if DETOUR_RANGE[0] <= unit / metres_per_unit <= DETOUR_RANGE[1] else None


def compose_pattern(
    trip: Sequence[StagedStop],
    stops: Mapping[str, Stop],
    stations: Sequence[Station],
    unit_m: float | None,
) -> tuple[Pattern, int]:
    """The pattern of a trip, and the seconds of its first departure since noon minus 12 hours.

    Neighbouring stops of one station are one stop. Where times are left out between timed stops, they lie on the
    straight line between those, by distance if it is known and else by number.

    Raises:
        UnusableTripError: with the line that shows it.
    """
    _check_sequence(trip)
    metres = _metres(trip, stops, stations, unit_m)
    arrivals, departures = _all_times(trip, metres)
    merged = _merge(trip, stops, metres, arrivals, departures)
    if len(merged) < 2:
        raise UnusableTripError(trip[-1].line)
    if len(merged) > STOPS_MAX:
        raise UnusableTripError(trip[STOPS_MAX].line)
    start, at = merged[0][2], merged[0][3]
    last = len(merged) - 1
    return Pattern(
        stations=tuple(stop[0] for stop in merged),
        arrival_s=(0, *(stop[1] - start for stop in merged[1:])),
        departure_s=(*(stop[2] - start for stop in merged[:-1]), merged[-1][1] - start),
        distance_m=tuple(round(stop[3] - at) for stop in merged),
        zones=tuple(stop[4] for stop in merged),
        no_boarding=tuple(n for n, stop in enumerate(merged) if n < last and stop[5] & NO_BOARDING),
        no_alighting=tuple(n for n, stop in enumerate(merged) if n > 0 and stop[5] & NO_ALIGHTING),
    ), start


# station, arrival, departure, metres, zone, flags
_Merged = tuple[int, int, int, float, str, int]


def _merge(
    trip: Sequence[StagedStop],
    stops: Mapping[str, Stop],
    metres: Sequence[float],
    arrivals: Sequence[int],
    departures: Sequence[int],
) -> list[_Merged]:
    merged: list[_Merged] = []
    for number, stop in enumerate(trip):
        at = stops[stop.stop_id]
        if merged and merged[-1][0] == at.station:
            before = merged[-1]
            flags = before[5] & stop.flags
            merged[-1] = (at.station, before[1], departures[number], before[3], before[4] or at.zone, flags)
        elif stop.flags != NO_BOARDING | NO_ALIGHTING:  # where nobody gets on or off it does not stop for us
            merged.append(
                (at.station, arrivals[number], departures[number], metres[number], at.zone, stop.flags)
            )
    return merged


def _check_sequence(trip: Sequence[StagedStop]) -> None:
    if len(trip) < 2:
        raise UnusableTripError(trip[0].line if trip else 0)
    for one, other in pairwise(trip):
        if one.sequence == other.sequence:
            raise UnusableTripError(other.line)


def _metres(
    trip: Sequence[StagedStop],
    stops: Mapping[str, Stop],
    stations: Sequence[Station],
    unit_m: float | None,
) -> list[float]:
    told = [stop.distance for stop in trip]
    if unit_m is not None and None not in told:
        numbers = [each or 0.0 for each in told]
        if all(one <= other for one, other in pairwise(numbers)):
            return [number * unit_m for number in numbers]
    total = 0.0
    metres = [0.0]
    for one, other in pairwise(trip):
        total += great_circle_m(_place(stops, stations, one), _place(stops, stations, other))
        metres.append(total)
    return metres


def _all_times(trip: Sequence[StagedStop], metres: Sequence[float]) -> tuple[list[int], list[int]]:
    """Every arrival and departure, checked never to run backwards."""
    arrivals = [stop.arrival_s if stop.arrival_s is not None else stop.departure_s for stop in trip]
    departures = [stop.departure_s if stop.departure_s is not None else stop.arrival_s for stop in trip]
    timed = [number for number, at in enumerate(arrivals) if at is not None]
    if not timed or timed[0] != 0 or timed[-1] != len(trip) - 1:
        raise UnusableTripError(trip[0 if not timed or timed[0] != 0 else -1].line)
    for one, other in pairwise(timed):
        for number in range(one + 1, other):
            span = metres[other] - metres[one]
            part = (metres[number] - metres[one]) / span if span else (number - one) / (other - one)
            leaves, arrives = departures[one] or 0, arrivals[other] or 0
            arrivals[number] = departures[number] = round(leaves + (arrives - leaves) * part)
    full_arrivals = [at or 0 for at in arrivals]
    full_departures = [at or 0 for at in departures]
    for number, stop in enumerate(trip):
        if full_departures[number] < full_arrivals[number] and number < len(trip) - 1:
            raise UnusableTripError(stop.line)
        if number and full_arrivals[number] < full_departures[number - 1]:
            raise UnusableTripError(stop.line)
    if full_arrivals[-1] <= full_departures[0]:
        raise UnusableTripError(trip[-1].line)
    return full_arrivals, full_departures


def _place(stops: Mapping[str, Stop], stations: Sequence[Station], stop: StagedStop) -> Place:
    station = stations[stops[stop.stop_id].station]
    return Place(station.latitude, station.longitude)
