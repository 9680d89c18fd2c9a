"""The developers' tool that makes `season/places.json`, on a few rows in the packages' own shape."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tmam.demo import extract_places
from tmam.demo.season_files import read_season


def test_airports_are_read_by_their_code(tmp_path: Path) -> None:
    path = tmp_path / "airports.csv"
    names = ["iata", "name", "city", "subd", "country", "lat", "lon", "tz"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for code in extract_places.AIRPORTS:
            writer.writerow(
                [code, "Field", "Madrid", "Comunidad de Madrid", "ES", "40.5", "-3.5", "Europe/Madrid"]
            )
    place = extract_places.read_airports(path)["airport:MAD"]
    assert (place["name"], place["latitude"], place["time_zone"]) == ("Field (MAD)", 40.5, "Europe/Madrid")


def test_stations_are_read_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "full.ndjson"
    rows = [
        {
            "id": number,
            "name": f"Station {number}",
            "location": {"latitude": 52.5, "longitude": 13.4},
            "address": {"street": "Europaplatz 1 ", "zipcode": "10557", "city": "Berlin "},
        }
        for number in extract_places.STATIONS.values()
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    place = extract_places.read_stations(path)["station:berlin-hbf"]
    assert (place["name"], place["street"], place["city"]) == ("Station 8011160", "Europaplatz 1", "Berlin")


def test_what_was_extracted_is_what_the_season_has() -> None:
    wanted = {f"airport:{code}" for code in extract_places.AIRPORTS} | {
        f"station:{name}" for name in extract_places.STATIONS
    }
    kept = json.loads(extract_places.TARGET.read_text(encoding="utf-8"))
    assert set(kept["places"]) == wanted <= set(read_season().venues)
    assert kept["sources"] == extract_places.SOURCES
