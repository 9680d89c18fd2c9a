"""The yardstick alone: one scan per transaction, by pgbench."""

from __future__ import annotations

from tmam.bench.measure import Bench
from tmam.bench.results import Result, summarize_baseline
from tmam.bench.scenarios.gate import baseline


def run(bench: Bench) -> Result:
    """The statements of one scan."""
    event_id, script = baseline(bench)
    measured = bench.measure_baseline("db_gate", script)
    return summarize_baseline(bench, "db_gate", "tickets admitted, by pgbench", measured, [event_id])
