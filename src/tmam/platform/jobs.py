"""Background jobs, kept in PostgreSQL by procrastinate.

A capability defines its jobs in its own `jobs.py` with `@app.task(queue="…", name="capability.verb")`; a job
loads, calls one verb and translates the outcome. Jobs are deferred inside the transaction that causes them.
"""

from __future__ import annotations

from procrastinate.contrib.django import app

__all__ = ["app", "run_waiting_jobs"]


def run_waiting_jobs() -> None:
    """Run every job that is due, then return: for tests, the demo season and commands."""
    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    with worker_app.open():
        worker_app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
