"""The demo's trains and flights, brought in from files by the same importers as any other timetable."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from pathlib import Path

from tmam.gates.models import Gate
from tmam.organizers.models import Organizer
from tmam.timetables.import_flights import import_flights
from tmam.timetables.import_gtfs import import_gtfs
from tmam.timetables.import_lines import Report
from tmam.timetables.progress import Progress
from tmam.timetables.sale import read_sale
from tmam.timetables.service_days import window_of

DAYS = 28
RAILWAY, AIRLINE = "tren-de-la-costa", "clara-transit"


def load_timetables(organizers: Mapping[str, Organizer], now: datetime) -> None:
    """Put four weeks of trips on sale from the day the season is loaded."""
    window = window_of(now.date(), DAYS)
    with resources.as_file(resources.files("tmam.demo").joinpath("season")) as season:
        trains = import_gtfs(
            season / "coast",
            organizer=organizers[RAILWAY],
            feed_name=RAILWAY,
            window=window,
            sale=read_sale(season / "coast_sale.toml"),
            now=now,
            progress=Progress(None),
        )
        flights = import_flights(
            season / "clara_flights.csv",
            airports_path=None,
            organizer=organizers[AIRLINE],
            feed_name=AIRLINE,
            window=window,
            sale=read_sale(season / "clara_flights_sale.toml"),
            now=now,
            progress=Progress(None),
        )
    for report, name, number in ((trains, "On board", 1), (flights, "Boarding", 1)):
        Gate.objects.bulk_create(
            Gate(event_id=event_id, number=number, name=name) for event_id in _clean(report, season)
        )


def _clean(report: Report, season: Path) -> list[int]:
    if not report.is_clean:
        raise ValueError(f"mistakes in {season}: {report.troubles.kept}")
    return report.tally.event_ids
