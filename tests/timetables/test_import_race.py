"""The same timetable imported twice at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

from django.db import connections

from tests.cast import make_organizer, unique
from tests.timetables.feeds import write_feed
from tmam.catalog.models import Date, Event, Venue
from tmam.inventory.models import Counter
from tmam.tickets.models import SigningKey
from tmam.timetables.import_gtfs import import_gtfs
from tmam.timetables.import_lines import Report
from tmam.timetables.progress import Progress
from tmam.timetables.sale import Sale, TypeSale
from tmam.timetables.service_days import window_of

SALE = Sale(capacity=9, types=(TypeSale(name={"en": "Adult"}, price="5"),))


def test_imports_at_once_make_everything_once(tmp_path: Path, live_database: None) -> None:
    organizer, feed, folder = make_organizer(), unique("race"), write_feed(tmp_path / "feed")

    def run(_: int) -> Report:
        try:
            return import_gtfs(
                folder,
                organizer=organizer,
                feed_name=feed,
                window=window_of(date(2026, 12, 2), 20),
                sale=SALE,
                now=datetime(2026, 12, 1, tzinfo=UTC),
                progress=Progress(None),
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(run, range(4)))
    assert sum(report.tally.new for report in reports) == 40
    assert sum(report.tally.unchanged for report in reports) == 3 * 40
    event = Event.objects.get(import_key=f"{feed}:R1")
    assert Date.objects.filter(event=event).count() == 40
    assert Counter.objects.filter(event_id=event.id).count() == 20 * (3 + 2)
    assert SigningKey.objects.filter(event_id=event.id).count() == 1
    assert Venue.objects.filter(stop_code__startswith=f"{feed}:").count() == 4
