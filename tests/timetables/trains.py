"""Trips on sale for tests: the coast's timetable of `feeds`, imported for the days around a moment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.cast import make_organizer, unique
from tests.timetables.feeds import COAST, write_feed
from tmam.catalog.models import Event
from tmam.timetables.import_gtfs import import_gtfs
from tmam.timetables.load_timetable import timetables
from tmam.timetables.progress import Progress
from tmam.timetables.sale import LineSale, Sale, TypeSale
from tmam.timetables.service_days import window_of

SALE = Sale(
    capacity=9,
    types=(
        TypeSale(name={"en": "Adult", "es": "Adulto"}, price="30.00", steps=((50, "5.00"), (100, "9.50"))),
    ),
    lines={"R2": LineSale(seats="2x5x4")},
)
# A second line with numbered seats meets the first one in Brea: at 08:30 it goes on to Elm, at 08:24 it is too soon.
HILLS = {
    "stops": COAST["stops.txt"] + "elm,Elm,40.20,0.50,0,,,C\n",
    "routes": COAST["routes.txt"] + "R2,A,C2,Hill line,2\n",
    "trips": COAST["trips.txt"] + "R2,daily,h0,200\nR2,daily,h1,201\n",
    "stop_times": COAST["stop_times.txt"]
    + "h0,08:24:00,08:24:00,brea,1\nh0,08:50:00,08:50:00,elm,2\n"
    + "h1,08:30:00,08:30:00,brea,1\nh1,09:00:00,09:00:00,elm,2\n",
}


def make_trains(folder: Path, now: datetime, *, days: int = 4) -> dict[str, Event]:
    """Two lines on sale, by their names `R1` and `R2`; nothing else is in the process's timetable."""
    Event.objects.update(status="draft")
    feed = unique("coast")
    report = import_gtfs(
        write_feed(folder, **HILLS),
        organizer=make_organizer(name="Coast Railway"),
        feed_name=feed,
        window=window_of(now.date(), days),
        sale=SALE,
        now=now,
        progress=Progress(None),
    )
    assert report.is_clean, report.troubles.kept
    timetables.forget()
    return {name: Event.objects.get(import_key=f"{feed}:{name}") for name in ("R1", "R2")}
