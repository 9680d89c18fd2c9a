"""What a scenario found, and the report of a whole run as data: the JSON of `tmam bench --json`."""

from __future__ import annotations

import statistics
from array import array
from collections import Counter
from collections.abc import Sequence

import msgspec

from tmam.bench.books.check_books import check_books
from tmam.bench.measure import PERCENTILES, Baseline, Bench, Run, Series, percentile


class Result(msgspec.Struct, kw_only=True):
    """One scenario's figures.

    `ops_per_s` and `pgbench_ops_per_s` are medians over the alternations, whose single figures are `runs` and
    `pgbench_runs` (by number of clients); latencies are of all operations of all runs; `cpu` is CPU seconds by
    process over the `seconds` measured; `memory_mb` is summed PSS by process, the most that was seen; `compared` holds
    what else was measured beside it, for example through the front.
    """

    title: str
    ops_per_s: float
    pgbench_ops_per_s: float | None = None
    ratio: float | None = None
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    errors: int = 0
    books_ok: bool = True
    cpu: dict[str, float] = {}
    memory_mb: dict[str, float] = {}
    seconds: float = 0.0
    connections: int = 0
    operations: int = 0
    runs: list[float] = []
    pgbench_runs: dict[str, list[float]] = {}
    latency_ms: dict[str, float] = {}
    error_reasons: dict[str, int] = {}
    faults: list[str] = []
    note: str = ""
    compared: dict[str, float] = {}


class Report(msgspec.Struct, kw_only=True):
    """A whole run. The figures on top are those of its main scenario, the first that was run."""

    main: str
    ops_per_s: float
    pgbench_ops_per_s: float | None
    ratio: float | None
    p50_ms: float
    p99_ms: float
    errors: int
    books_ok: bool
    cpu: dict[str, float]
    memory_mb: dict[str, float]
    scenarios: dict[str, Result]
    left_out: dict[str, str]
    doctor_faults: list[str]
    machine: dict[str, str | int | float]
    postgresql: dict[str, str]
    options: dict[str, str | int | float | bool]
    measured_at: str
    version: str


def summarize(
    bench: Bench,
    name: str,
    title: str,
    series: Series,
    event_ids: Sequence[int],
    *,
    others: Sequence[Run] = (),
    compared: dict[str, float] | None = None,
    note: str = "",
) -> Result:
    """Fold the runs of a scenario into its result, and check the books of its events.

    `others` are runs on the same events that only the books are to know of.
    """
    bench.say(f"{name}: checking the books …")
    runs = series.runs
    url = bench.servers.settings.database_url
    faults = (
        check_books(url, event_ids, [run.acknowledged for run in (series.warm_up, *runs, *others)])
        if event_ids
        else []
    )
    latencies = array("I", sorted(latency for run in runs for latency in run.latencies_us))
    by_percent = {f"p{percent:g}": _ms(percentile(latencies, percent)) for percent in PERCENTILES}
    rate = statistics.median(run.ops_per_s for run in runs)
    measured = series.baseline.best
    errors = sum((Counter(run.errors) for run in runs), Counter[str]())
    return Result(
        title=title,
        ops_per_s=round(rate, 1),
        pgbench_ops_per_s=round(measured, 1) if measured else None,
        ratio=round(rate / measured, 2) if measured else None,
        p50_ms=by_percent["p50"],
        p99_ms=by_percent["p99"],
        errors=errors.total(),
        books_ok=not faults,
        cpu=_summed([run.cpu for run in runs]),
        memory_mb=_most([run.memory_mb for run in runs]),
        seconds=round(sum(run.seconds for run in runs), 2),
        connections=bench.options.connections,
        operations=len(latencies),
        runs=[round(run.ops_per_s, 1) for run in runs],
        pgbench_runs=_rounded(series.baseline),
        latency_ms=by_percent,
        error_reasons=dict(errors),
        faults=faults,
        note=note,
        compared=compared or {},
    )


def summarize_baseline(
    bench: Bench, name: str, title: str, baseline: Baseline, event_ids: Sequence[int]
) -> Result:
    """The result of pgbench alone."""
    bench.say(f"{name}: checking the books …")
    faults = check_books(bench.servers.settings.database_url, event_ids)
    best = round(baseline.best or 0.0, 1)
    return Result(
        title=title,
        ops_per_s=best,
        pgbench_ops_per_s=best,
        ratio=1.0,
        books_ok=not faults,
        pgbench_runs=_rounded(baseline),
        faults=faults,
    )


def _rounded(baseline: Baseline) -> dict[str, list[float]]:
    return {
        str(clients): [round(rate, 1) for rate in rates]
        for clients, rates in baseline.transactions_per_s.items()
    }


def _ms(microseconds: int) -> float:
    return round(microseconds / 1000, 2)


def _summed(each: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: round(sum(one[name] for one in each), 2) for name in each[0]}


def _most(each: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: max(one[name] for one in each) for name in each[0]}
