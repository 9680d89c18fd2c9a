"""Background jobs, kept in PostgreSQL by procrastinate.

A capability defines its jobs in its own `jobs.py` with `@app.task(queue="…", name="capability.verb")`; a job
loads, calls one verb and translates the outcome. Jobs are deferred inside the transaction that causes them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import structlog
from procrastinate.contrib.django import app

from tmam.platform.rotate_keys import reseal_event
from tmam.platform.statements import Verb, run_verb, statement

__all__ = ["app", "reseal_event_job", "retry_stalled_jobs", "run_waiting_jobs"]

log = structlog.get_logger("tmam.jobs")

# procrastinate's workers give a sign of life every 10 seconds.
DEAD_AFTER = timedelta(minutes=1)
JOBS_AT_A_TIME = 500


def retry_stalled_jobs(now: datetime) -> int:
    """Put the jobs of dead workers back into the queue; returns how many. Jobs are safe to repeat."""
    return run_verb(_retry_stalled_jobs(now))


def _retry_stalled_jobs(now: datetime) -> Verb[int]:
    rows = yield statement("tmam.platform", "retry_stalled_jobs"), (now - DEAD_AFTER, now, JOBS_AT_A_TIME)
    return len(rows)


def run_waiting_jobs() -> None:
    """Run every job that is due, then return: for tests, the demo season and commands."""
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    with worker_app.open():
        worker_app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


@app.task(queue="keys", name="platform.reseal_event", retry=5)
def reseal_event_job(event_id: int) -> None:
    """Seal everything of one event under its newest data key. Interrupted, the next run goes on where this one was."""
    done = sum(reseal_event(event_id, datetime.now(UTC)))
    log.info("event_resealed", event_id=event_id, values=done)
