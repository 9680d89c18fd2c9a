"""The yardstick alone: one hold per transaction, by pgbench."""

from __future__ import annotations

from tmam.bench.measure import Bench
from tmam.bench.results import Result, summarize_baseline
from tmam.bench.scenarios.pool import baseline


def run(bench: Bench) -> Result:
    """The statements of one hold."""
    event_id, script = baseline(bench)
    measured = bench.measure_baseline("db_pool", script)
    return summarize_baseline(bench, "db_pool", "holds on one hot pool, by pgbench", measured, [event_id])
