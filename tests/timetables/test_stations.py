from __future__ import annotations

import pytest

from tmam.timetables.stations import Stations, Stop, fold

NAMES = [
    ("Málaga-María Zambrano", "Málaga", "", 9),
    ("Madrid Puerta de Atocha", "Madrid", "", 8),
    ("Madrid Barajas", "Madrid", "MAD", 7),
    ("Puerto Alba", "Puerto Alba", "", 3),
    ("Molinos", "Molinos", "", 2),
    ("Molinos", "Otro", "", 1),
]
STATIONS = Stations(
    Stop(number, name, city, "ES", code, "Europe/Madrid", None, lines)
    for number, (name, city, code, lines) in enumerate(NAMES, start=1)
)


def found(typed: str) -> list[str]:
    return [stop.label for stop in STATIONS.find(typed)]


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("malaga", ["Málaga-María Zambrano"]),
        ("zambrano mal", ["Málaga-María Zambrano"]),
        ("MAD", ["Madrid Barajas (MAD)"]),
        ("madrid", ["Madrid Puerta de Atocha", "Madrid Barajas (MAD)"]),
        ("Madrid Barajas (MAD)", ["Madrid Barajas (MAD)"]),
        ("molinos", ["Molinos [5]", "Molinos [6]"]),
        ("Molinos [6]", ["Molinos [6]"]),
        ("pueto alba", ["Puerto Alba"]),
        ("zzz", []),
        ("", []),
        (" ,. ", []),
    ],
    ids=str,
)
def test_what_typed_words_may_mean(typed: str, labels: list[str]) -> None:
    assert found(typed) == labels


def test_labels_name_one_station_each() -> None:
    labels = [fold(stop.label) for stop in STATIONS.stops]
    assert len(set(labels)) == len(labels)
