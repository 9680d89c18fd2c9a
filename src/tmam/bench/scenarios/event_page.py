"""The event page as the product server answers it."""

from __future__ import annotations

from tmam.bench.measure import Bench
from tmam.bench.results import Result
from tmam.bench.scenarios.pages import event_paths, measure_pages


def run(bench: Bench) -> Result:
    """Five events' pages in turn, kept for a second by the product server."""
    return measure_pages(bench, "event_page", "event pages", event_paths(), bench.servers.web)
