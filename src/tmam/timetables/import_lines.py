"""The part that all imports share: stations, then line after line, with progress and a report."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tmam.catalog.models import Event
from tmam.organizers.models import Organizer
from tmam.timetables.errors import FaresMissingError
from tmam.timetables.lines import Line, Station, Tally
from tmam.timetables.progress import Progress
from tmam.timetables.put_line import Import, put_line
from tmam.timetables.put_stations import put_stations
from tmam.timetables.sale import LineTerms
from tmam.timetables.troubles import Troubles

TermsFor = Callable[[Line], LineTerms | None]


@dataclass
class Report:
    """What an import did, and what was wrong with its files."""

    tally: Tally = field(default_factory=Tally)
    troubles: Troubles = field(default_factory=Troubles)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was left out."""
        return self.troubles.refused == 0


@dataclass(frozen=True)
class Source:
    """Where lines come from: the feed's name, the file to name when a trip cannot be changed, the days."""

    feed: str
    file: str
    window: Sequence[date]


def import_lines(
    lines: Iterable[Line],
    stations: Sequence[Station],
    terms_for: TermsFor,
    *,
    source: Source,
    is_whole: Callable[[], bool],
    organizer: Organizer,
    now: datetime,
    report: Report,
    progress: Progress,
) -> None:
    """Put lines on sale, each on its own, so that what is done stays done; then withdraw those that are gone.

    `is_whole` tells, when all lines were read, whether a line that is missing has vanished: one whose row was
    refused has not, nobody knows.

    Raises:
        FeedTakenError: another organizer has a line of this feed's name.
    """
    put = functools.partial(
        _put_on_sale,
        terms_for=terms_for,
        source=source,
        organizer=organizer,
        now=now,
        report=report,
        progress=progress,
    )
    seen = put(lines, stations)
    if is_whole():
        put(_vanished_lines(source.feed, seen), ())


def _put_on_sale(
    lines: Iterable[Line],
    stations: Sequence[Station],
    *,
    terms_for: TermsFor,
    source: Source,
    organizer: Organizer,
    now: datetime,
    report: Report,
    progress: Progress,
) -> set[str]:
    """Put each line on sale; returns their names."""
    of = Import(
        organizer=organizer,
        feed=source.feed,
        file=source.file,
        venue_ids=put_stations(stations),
        time_zones=[station.time_zone for station in stations],
        window=source.window,
        now=now,
        troubles=report.troubles,
        tally=report.tally,
    )
    seen: set[str] = set()
    for line in lines:
        seen.add(line.key)
        terms = terms_for(line)
        if terms is None:
            report.troubles(FaresMissingError(source.file))
        else:
            put_line(line, terms, of)
        progress.step(len(line.trips))
    return seen


def _vanished_lines(feed: str, seen: set[str]) -> list[Line]:
    """Lines of a feed that are on sale and no longer in its files, without any trips: so theirs will be withdrawn."""
    rows = Event.objects.filter(import_key__startswith=f"{feed}:").values_list("import_key", "kind")
    names = {(key or "").removeprefix(f"{feed}:").partition("#")[0]: kind for key, kind in rows}
    return [Line(name, name, kind, name, ()) for name, kind in sorted(names.items()) if name not in seen]
