"""The search page as the product server answers it."""

from __future__ import annotations

from tmam.bench.measure import Bench
from tmam.bench.results import Result
from tmam.bench.scenarios.pages import measure_pages, search_paths


def run(bench: Bench) -> Result:
    """Thousands of searches in turn, none twice within a second."""
    return measure_pages(bench, "search_page", "search pages", search_paths(), bench.servers.web)
