from __future__ import annotations

from datetime import UTC, datetime

from tmam.timetables.line_volumes import DATES_MAX, spread, volume_key
from tmam.timetables.lines import Pattern, Trip

PATTERN = Pattern((0, 1), (0, 60), (0, 60), (0, 1), ("", ""))
AT = datetime(2026, 12, 1, tzinfo=UTC)


def trips(count: int) -> list[Trip]:
    return [Trip(f"2026-12-01|{number}", "", AT, PATTERN) for number in range(count)]


def test_a_usual_line_is_one_event() -> None:
    (volume,) = spread(trips(3), {}, {})
    assert (volume.number, volume.next_ordinal, len(volume.trips)) == (1, 1, 3)


def test_more_trips_than_an_event_may_have_go_on_in_the_next() -> None:
    volumes = spread(trips(DATES_MAX + 2), {}, {})
    assert [len(volume.trips) for volume in volumes] == [DATES_MAX, 2]


def test_known_trips_stay_and_new_ones_fill_the_last() -> None:
    known = {"2026-12-01|0": 1, "2026-12-01|1": 2}
    volumes = spread(trips(4), known, {1: DATES_MAX, 2: DATES_MAX - 1})
    assert [[trip.key[-1] for trip in volume.trips] for volume in volumes] == [["0"], ["1", "2"], ["3"]]


def test_keys_of_volumes() -> None:
    assert [volume_key("coast", "R1", number) for number in (1, 2)] == ["coast:R1", "coast:R1#2"]
