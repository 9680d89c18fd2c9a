"""Numbers for Prometheus: what this process counted, and what the database tells about the background work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
registry = CollectorRegistry()

REQUESTS = Counter(
    "tmam_requests",
    "Requests answered by the product server.",
    ["method", "route", "status"],
    registry=registry,
)
SECONDS = Histogram(
    "tmam_request_seconds",
    "Time from a request's arrival at the product server to its answer.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=registry,
)
PAGE_CACHE = Counter(
    "tmam_page_cache",
    "Requests for public pages: answered from what was kept (hit), or by making a page that is then kept or not.",
    ["outcome"],
    registry=registry,
)
FILES = Counter(
    "tmam_files",
    "Files that the renderers of this process were asked for: drawn, known (there already), refused, broken, store_away.",
    ["outcome"],
    registry=registry,
)
FILES_FETCHED = Counter(
    "tmam_files_fetched",
    "Requests for drawn files: handed out at the door (kept), or passed on to the product (other).",
    ["outcome"],
    registry=registry,
)
FILES_WAITING = Gauge("tmam_files_waiting", "Files that people wait for at the renderers.", registry=registry)

_JOBS = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status"
_LOG = """
SELECT (SELECT count(*) FROM platform_log_entry WHERE position IS NULL),
       coalesce((SELECT position FROM platform_loghead WHERE id = 1), 0)
"""


class BackgroundWork(Collector):
    """Asks the database at scrape time, so that one endpoint tells about every process."""

    def collect(self) -> Iterator[Metric]:
        """Jobs by state, the event log's backlog and readers' lags, and the age of each heartbeat."""
        from django.db import connection

        from tmam.platform.heartbeat import signs_of_life
        from tmam.platform.models import LogCursor

        with connection.cursor() as cursor:
            cursor.execute(_JOBS)
            jobs = cursor.fetchall()
            cursor.execute(_LOG)
            unplaced, head = cursor.fetchone()
        queue = GaugeMetricFamily("tmam_jobs", "Background jobs by state.", labels=["status"])
        for status, count in jobs:
            queue.add_metric([status], count)
        yield queue
        yield GaugeMetricFamily(
            "tmam_log_undispatched", "Facts that wait for their position in the log.", unplaced
        )
        lag = GaugeMetricFamily("tmam_log_lag", "Entries a consumer has still to read.", labels=["consumer"])
        for name, position in LogCursor.objects.values_list("consumer", "position"):
            lag.add_metric([name], head - position)
        yield lag
        age = GaugeMetricFamily(
            "tmam_heartbeat_age_seconds", "Silence of a background process.", labels=["process"]
        )
        now = datetime.now(UTC)
        for process, at in signs_of_life().items():
            age.add_metric([process], (now - at).total_seconds())
        yield age


def render_metrics() -> bytes:
    """Everything in Prometheus' text format; without the database's part when the database is away."""
    from django.db import DatabaseError

    counted = generate_latest(registry)
    background = CollectorRegistry(
        auto_describe=False
    )  # of its own: a dead database must not hide the counters
    try:
        background.register(BackgroundWork())
        return counted + generate_latest(background)
    except DatabaseError:
        return counted
