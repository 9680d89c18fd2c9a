"""Search over a catalogue of 100,000 dates, timed in the database, its totals counted again by a naive statement."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from tmam.bench import catalogue, search
from tmam.bench.measure import Bench
from tmam.bench.results import Result

TITLE = "searches of 100,000 dates, in the database"
NO_WORD = re.compile(r"\W+")
QUICK_DATES, QUICK_EVENTS, QUICK_VENUES = 5_000, 250, 120


def run(bench: Bench) -> Result:
    """One connection, every kind of search in changing order; `ops_per_s` follows from the median time."""
    is_quick = bench.options.is_quick
    size = catalogue.CatalogueSize()
    if is_quick:
        size = catalogue.CatalogueSize(dates=QUICK_DATES, events=QUICK_EVENTS, venues=QUICK_VENUES)
    now = datetime.now(UTC)
    catalogue.load_catalogue(now, size)
    catalogue.analyze()
    found = search.measure_search(now, rounds=1 if is_quick else 5, verify=5 if is_quick else 40)
    times = found.overall
    return Result(
        title=TITLE if not is_quick else f"searches of {size.dates:,} dates, in the database",
        ops_per_s=round(1000 / times.p50_ms, 1),
        p50_ms=round(times.p50_ms, 2),
        p99_ms=round(times.p99_ms, 2),
        books_ok=not found.mismatches,
        connections=1,
        operations=times.count,
        latency_ms={
            "p50": round(times.p50_ms, 2),
            "p95": round(times.p95_ms, 2),
            "p99": round(times.p99_ms, 2),
            "p100": round(times.max_ms, 2),
        },
        faults=[f"{each.query}: found {each.total}, counted {each.counted}" for each in found.mismatches],
        compared={
            f"{NO_WORD.sub('_', kind)}_p95_ms": round(of.p95_ms, 2) for kind, of in found.by_class.items()
        },
        note=f"{found.queries} different searches; the totals of {found.verified} were counted again.",
    )
