"""`tmam import gtfs` and `tmam import flights`: timetables from files."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tmam.cli.database import database, set_up_django
from tmam.cli.migrate import migrate
from tmam.cli.operator_error import OperatorError
from tmam.platform.settings import Settings

if TYPE_CHECKING:
    from tmam.organizers.models import Organizer
    from tmam.timetables.import_lines import Report
    from tmam.timetables.progress import Progress
    from tmam.timetables.sale import Sale

DAYS_MAX = 400
FEED_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")


@dataclass(frozen=True)
class ImportOptions:
    """What the command was told. `first` is a day (`2026-12-01`) or empty for today, `feed` empty for the organizer's."""

    organizer: str
    first: str = ""
    days: int = 60
    capacity: int | None = None
    seats: str = ""
    sale: Path | None = None
    feed: str = ""
    as_json: bool = False


def run_import_gtfs(settings: Settings, path: Path, options: ImportOptions) -> int:
    """Import a GTFS feed; returns the exit status: 1 when rows were refused (the others are imported)."""

    def run(organizer: Organizer, sale: Sale, window: Sequence[date], progress: Progress) -> Report:
        from tmam.timetables.import_gtfs import import_gtfs

        if sale.capacity is None and not sale.seats and sale.seat_plan is None:
            every_line_says = sale.lines and all(
                line.capacity is not None or line.seats for line in sale.lines.values()
            )
            if not every_line_says:
                raise OperatorError("Say how many places each trip has: --capacity 400, or --seats 6x12x4.")
        return import_gtfs(
            path,
            organizer=organizer,
            feed_name=_feed(options),
            window=window,
            sale=sale,
            now=_now(),
            progress=progress,
        )

    return _run(settings, options, run)


def run_import_flights(settings: Settings, path: Path, options: ImportOptions, airports: Path | None) -> int:
    """Import flights; returns the exit status as `run_import_gtfs` does."""

    def run(organizer: Organizer, sale: Sale, window: Sequence[date], progress: Progress) -> Report:
        from tmam.timetables.import_flights import import_flights

        return import_flights(
            path,
            airports_path=airports,
            organizer=organizer,
            feed_name=_feed(options),
            window=window,
            sale=sale,
            now=_now(),
            progress=progress,
        )

    return _run(settings, options, run)


Run = Callable[["Organizer", "Sale", Sequence[date], "Progress"], "Report"]


def _run(settings: Settings, options: ImportOptions, run: Run) -> int:
    with database(settings, may_be_new=True) as url:
        set_up_django()
        migrate(url)
        return _import(options, run)


def _import(options: ImportOptions, run: Run) -> int:
    from tmam.timetables.errors import TimetableError
    from tmam.timetables.import_lines import Report
    from tmam.timetables.progress import Progress

    organizer = _organizer(options.organizer)
    sale, window = _sale(options), _window(options)
    try:
        report = run(organizer, sale, window, Progress(sys.stderr))
    except TimetableError as error:
        report = Report()
        report.troubles(error)
    _open_gates(report.tally.event_ids)
    _print_report(report, as_json=options.as_json)
    return 0 if report.is_clean else 1


def _organizer(slug: str) -> Organizer:
    from tmam.organizers.models import Organizer

    organizer = Organizer.objects.filter(slug=slug).first()
    if organizer is None:
        known = ", ".join(Organizer.objects.order_by("slug").values_list("slug", flat=True)[:20]) or "none"
        raise OperatorError(f"There is no organizer {slug!r}. Organizers here: {known}.")
    return organizer


def _sale(options: ImportOptions) -> Sale:
    import msgspec

    from tmam.timetables.sale import PLACES_MAX, Sale, SaleFileError, parse_seats, read_sale

    try:
        sale = read_sale(options.sale) if options.sale else Sale()
        if options.seats and options.capacity is not None:
            raise OperatorError("Give --capacity or --seats, not both.")
        if options.seats.isdigit():
            return msgspec.structs.replace(sale, seat_plan=_seat_plan(int(options.seats)), seats="")
        if options.seats:
            parse_seats(options.seats)
            return msgspec.structs.replace(sale, seats=options.seats, seat_plan=None)
    except (SaleFileError, ValueError) as error:
        raise OperatorError(str(error)) from None
    if options.capacity is None:
        return sale
    if not 0 < options.capacity <= PLACES_MAX:
        raise OperatorError(f"--capacity is a number from 1 to {PLACES_MAX}.")
    return msgspec.structs.replace(sale, capacity=options.capacity, seats="", seat_plan=None)


def _seat_plan(number: int) -> int:
    from tmam.catalog.models import SeatPlan

    if number > 2**62 or not SeatPlan.objects.filter(pk=number).exists():
        raise OperatorError(f"There is no seat plan {number}.")
    return number


def _window(options: ImportOptions) -> list[date]:
    from tmam.timetables.service_days import window_of

    if not 1 <= options.days <= DAYS_MAX:
        raise OperatorError(f"--days is a number from 1 to {DAYS_MAX}.")
    try:
        first = date.fromisoformat(options.first) if options.first else _now().date()
    except ValueError:
        raise OperatorError(f"--from is a day such as 2026-12-01; {options.first!r} is none.") from None
    if not 2000 <= first.year <= 2200:
        raise OperatorError("--from is a day from the year 2000 to 2200.")
    return window_of(first, options.days)


def _feed(options: ImportOptions) -> str:
    feed = options.feed or options.organizer
    if not FEED_NAME.fullmatch(feed):
        raise OperatorError("--feed is a short name of small letters, digits, - and _.")
    return feed


def _now() -> datetime:
    return datetime.now(ZoneInfo("UTC"))


def _open_gates(event_ids: Sequence[int]) -> None:
    """Tickets need a gate to be scanned at; trips have one, the conductor's."""
    from tmam.gates.models import Gate

    known = set(Gate.objects.filter(event_id__in=event_ids).values_list("event_id", flat=True))
    Gate.objects.bulk_create(
        Gate(event_id=event_id, number=1, name="On board")
        for event_id in dict.fromkeys(event_ids)
        if event_id not in known
    )


def _print_report(report: Report, *, as_json: bool) -> None:
    import msgspec

    from tmam.platform.error_words import words_for

    tally, troubles = report.tally, report.troubles
    if as_json:
        document = {
            "lines": tally.lines,
            "trips": {
                "new": tally.new,
                "changed": tally.changed,
                "withdrawn": tally.withdrawn,
                "unchanged": tally.unchanged,
                "kept": tally.kept,
            },
            "problems": [{"code": error.code, **error.facts()} for error in troubles.kept],
            "problems_total": troubles.total,
        }
        print(msgspec.json.encode(document).decode())
        return
    for error in troubles.kept:
        where = error.file + (f":{error.line}" if error.line else "")
        print(f"{where}: {words_for(error, 'en').summary} [{error.code}]", file=sys.stderr)
    if troubles.total > len(troubles.kept):
        print(f"… and {troubles.total - len(troubles.kept):,} more:", file=sys.stderr)
        for code, count in troubles.counts.most_common():
            print(f"  {count:>9,} × {code}", file=sys.stderr)
    print(
        f"{tally.lines:,} lines: {tally.new:,} trips new, {tally.changed:,} changed, "
        f"{tally.withdrawn:,} withdrawn, {tally.unchanged:,} as before, "
        f"{tally.kept:,} sold and therefore left as they were."
    )
