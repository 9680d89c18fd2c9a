"""A GTFS feed on sale: `tmam import gtfs`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec

from tmam.organizers.models import Organizer
from tmam.timetables.errors import FaresMissingError
from tmam.timetables.feed_files import Feed
from tmam.timetables.gtfs_fares import read_feed_fares
from tmam.timetables.import_lines import Report, Source, import_lines
from tmam.timetables.lines import Line
from tmam.timetables.progress import Progress
from tmam.timetables.read_gtfs import read_gtfs
from tmam.timetables.sale import LineTerms, Sale, terms_for
from tmam.timetables.staging import Staging


def import_gtfs(
    path: Path,
    *,
    organizer: Organizer,
    feed_name: str,
    window: Sequence[date],
    sale: Sale,
    now: datetime,
    progress: Progress,
) -> Report:
    """Import a feed's trips of some days: new ones go on sale, changed ones change unless they are sold.

    Rows that cannot be used are in the report, and the rest is imported. Killed at any point, it is just run again.

    Raises:
        TimetableError: a file or column that is needed is missing, or the feed cannot be read at all.
    """
    report = Report()
    feed = Feed(path)
    fares = read_feed_fares(feed, report.troubles)
    if not sale.types and fares is None and not any(line.types for line in sale.lines.values()):
        raise FaresMissingError(path.name)
    if not sale.types and fares is not None:
        sale = msgspec.structs.replace(sale, currency=fares.currency)

    def terms(line: Line) -> LineTerms | None:
        return terms_for(line, sale, fares)

    with Staging() as staging:
        read = read_gtfs(
            feed,
            staging,
            window,
            feed_name=feed_name,
            country=organizer.country,
            troubles=report.troubles,
            progress=progress,
        )
        source = Source(feed_name, "trips.txt", window)
        progress.start("trips imported", total=read.trip_count)
        import_lines(
            read.lines(),
            read.tables.stations,
            terms,
            source=source,
            is_whole=lambda: not report.troubles.files["routes.txt"],
            organizer=organizer,
            now=now,
            report=report,
            progress=progress,
        )
        progress.finish()
    return report
