"""The timetable of some days, loaded from the catalogue and kept in the process.

Kept are the timetables of a few windows of days at most, each a few bytes for a call. Every half minute the request
that comes next asks the database for a mark and loads anew what has changed; meanwhile the others use what is there.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic

from tmam.platform.settings import current_settings
from tmam.platform.statements import Row, Verb, run_verb, statement
from tmam.timetables.compact import CompactTimetable, PatternCalls, TripStart, compact
from tmam.timetables.stations import Stations, Stop

WINDOWS_KEPT = 3
# Trips that are under way when the day begins, and those that a journey with changes may still need after it ends.
BEFORE = timedelta(hours=36)
AFTER = timedelta(hours=60)
AIRPORT = "iata:"
CHECK_EVERY_S = 30.0
RELOAD_EVERY_S = 600.0


@dataclass
class Loaded:
    """A timetable whose second 0 is `zero`; `index_of` gives a venue's index in it, `stations` what people type."""

    zero: datetime
    timetable: CompactTimetable
    index_of: dict[int, int]
    stations: Stations
    mark: Row
    checked_at: float
    loaded_at: float

    def seconds(self, at: datetime) -> int:
        """An instant as the timetable counts."""
        return int((at - self.zero).total_seconds())

    def instant(self, seconds: int) -> datetime:
        """The timetable's second as an instant."""
        return self.zero + timedelta(seconds=seconds)


class Timetables:
    """The windows that were asked for last. One for each process: `timetables`."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._windows: OrderedDict[date, Loaded] = OrderedDict()
        self._lock = threading.Lock()

    def around(self, at: datetime) -> Loaded:
        """The timetable in which a journey that begins at an instant can be found."""
        day = at.astimezone(UTC).date()
        kept = self._windows.get(day)
        if kept is None:
            with self._lock:  # many ask for a new day at once: one loads it
                kept = self._windows.get(day) or self._keep(day, self._load(day))
        elif self._clock() - kept.checked_at > CHECK_EVERY_S and self._lock.acquire(blocking=False):
            try:
                kept = self._refreshed(day, kept)
            finally:
                self._lock.release()
        return kept

    def forget(self) -> None:
        """Load everything anew when it is asked for next: after an import in this process, and in tests."""
        with self._lock:
            self._windows.clear()

    def _refreshed(self, day: date, kept: Loaded) -> Loaded:
        now = self._clock()
        is_same = now - kept.loaded_at < RELOAD_EVERY_S and run_verb(_mark(*_bounds(day))) == kept.mark
        if is_same:
            kept.checked_at = now
            return kept
        return self._keep(day, self._load(day))

    def _keep(self, day: date, loaded: Loaded) -> Loaded:
        self._windows[day] = loaded
        self._windows.move_to_end(day)
        while len(self._windows) > WINDOWS_KEPT:
            self._windows.popitem(last=False)
        return loaded

    def _load(self, day: date) -> Loaded:
        return run_verb(load_timetable(*_bounds(day), current_settings().change_minutes, self._clock()))


def load_timetable(zero: datetime, end: datetime, change_minutes: int, clock: float = 0.0) -> Verb[Loaded]:
    """The trips that start between two instants. `change_minutes`: at stations that have no time of their own."""
    mark = yield from _mark(zero, end)  # before the rows: a change in between is then seen at the next check
    rows = yield statement("tmam.timetables", "stations_served"), ()
    stations = Stations(
        Stop(venue_id, name, city, country, _airport_code(code or ""), zone, minutes, lines)
        for venue_id, name, city, country, code, zone, minutes, lines in rows
    )
    index_of = {stop.venue_id: index for index, stop in enumerate(stations.stops)}
    trips = yield statement("tmam.timetables", "timetable_trips"), (zero, end)
    rows = yield statement("tmam.timetables", "timetable_patterns"), (sorted({trip[0] for trip in trips}),)
    patterns = {
        (event_id, ordinal): PatternCalls(
            tuple([index_of[venue_id] for venue_id in venue_ids]),
            *map(tuple, columns),
        )
        for event_id, ordinal, venue_ids, *columns in rows
        if all(venue_id in index_of for venue_id in venue_ids)  # else it was put on sale this moment
    }
    starts = [
        TripStart(event_id, ordinal, start_s, patterns[event_id, pattern])
        for event_id, ordinal, start_s, pattern in trips
        if (event_id, pattern) in patterns
    ]
    change_s = [
        60 * (change_minutes if stop.change_minutes is None else stop.change_minutes)
        for stop in stations.stops
    ]
    return Loaded(zero, compact(starts, change_s), index_of, stations, mark, clock, clock)


def _airport_code(stop_code: str) -> str:
    """What people know an airport by; the codes of other timetables are nobody's but their own."""
    return stop_code.removeprefix(AIRPORT) if stop_code.startswith(AIRPORT) else ""


def _mark(zero: datetime, end: datetime) -> Verb[Row]:
    rows = yield statement("tmam.timetables", "timetable_mark"), (zero, end)
    return tuple(rows[0])


def _bounds(day: date) -> tuple[datetime, datetime]:
    midnight = datetime.combine(day, time(), UTC)
    return midnight - BEFORE, midnight + AFTER


timetables = Timetables()
