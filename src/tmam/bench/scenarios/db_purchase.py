"""The yardstick alone: one whole purchase per transaction, by pgbench."""

from __future__ import annotations

from tmam.bench.measure import Bench
from tmam.bench.results import Result, summarize_baseline
from tmam.bench.scenarios.purchase import baseline


def run(bench: Bench) -> Result:
    """The statements of one purchase."""
    event_id, script = baseline(bench)
    measured = bench.measure_baseline("db_purchase", script)
    return summarize_baseline(bench, "db_purchase", "whole purchases, by pgbench", measured, [event_id])
