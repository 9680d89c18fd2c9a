"""Writes `season/places.json`: the stations and airports of the demo season, from packages that ship them.

For developers, once in a while: `pip download --no-deps airportsdata` and `npm pack db-stations`, unpack both, then
`python -m tmam.demo.extract_places <airports.csv> <full.ndjson>`. The program itself only reads the result.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

AIRPORTS = ("MAD", "SDQ")
STATIONS = {
    "berlin-hbf": "8011160",
    "halle-saale-hbf": "8010159",
    "erfurt-hbf": "8010101",
    "nuernberg-hbf": "8000284",
    "muenchen-hbf": "8000261",
}
SOURCES = [
    "airportsdata 20260905 (PyPI), MIT, © 2020– Mike Borsetti",
    "db-stations 5.0.2 (npm), ISC, © 2022 Jannis R; from Deutsche Bahn's open station data (StaDa), CC BY 4.0",
]
TARGET = Path(__file__).parent / "season" / "places.json"

Places = dict[str, dict[str, str | float]]


def main(airports_csv: str, stations_ndjson: str) -> None:
    """Extract the places and write them down."""
    places = read_airports(Path(airports_csv)) | read_stations(Path(stations_ndjson))
    text = json.dumps({"sources": SOURCES, "places": places}, ensure_ascii=False, indent=1)
    TARGET.write_text(text + "\n", encoding="utf-8")


def read_airports(path: Path) -> Places:
    """The wanted airports by `airport:<IATA code>`."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["iata"]: row for row in csv.DictReader(file)}
    return {
        f"airport:{code}": {
            "name": f"{rows[code]['name']} ({code})",
            "city": rows[code]["city"],
            "region": rows[code]["subd"],
            "country": rows[code]["country"],
            "latitude": float(rows[code]["lat"]),
            "longitude": float(rows[code]["lon"]),
            "time_zone": rows[code]["tz"],
        }
        for code in AIRPORTS
    }


def read_stations(path: Path) -> Places:
    """The wanted German stations by `station:<our name>`."""
    with path.open(encoding="utf-8") as file:
        rows = {row["id"]: row for row in map(json.loads, file)}
    return {f"station:{name}": _station(rows[number]) for name, number in STATIONS.items()}


def _station(row: dict[str, dict[str, str]]) -> dict[str, str | float]:
    address, location = row["address"], row["location"]
    return {
        "name": str(row["name"]),
        "street": address["street"].strip(),
        "postal_code": address["zipcode"],
        "city": address["city"].strip(),
        "country": "DE",
        "latitude": float(location["latitude"]),
        "longitude": float(location["longitude"]),
        "time_zone": "Europe/Berlin",
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
