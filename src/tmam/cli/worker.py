"""`tmam worker`: all background work of one process.

Jobs (mail and the like) run in procrastinate's worker; the loops below run beside it in threads. Any number of
workers may run at the same time: each piece of work takes its rows by lock.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import signal
from datetime import datetime, timedelta

import structlog

from tmam.cli.database import database, set_up_django
from tmam.platform.logs import configure_logs
from tmam.platform.loops import Loop, LoopRunner
from tmam.platform.settings import Settings, current_settings

log = structlog.get_logger("tmam.worker")

# Modules that register a consumer of the event log.
CONSUMERS = (
    "tmam.inventory.search_consumer",
    "tmam.orders.keep_person_orders",
    "tmam.notifications.consumers",
    "tmam.fulfilment.apple.changes",
)
STOP_PATIENCE_S = 10.0
JOB_PATIENCE_S = 8.0
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0
JOBS_AT_A_TIME = 4
SWEEP_LIMIT = 2_000
FILES_EVERY_S = 6 * 3600.0


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or Ctrl-C; what was begun is finished first."""
    configure_logs(settings.log_format)
    with database(settings):
        set_up_django()
        runner = LoopRunner(worker_loops())
        asyncio.run(_work(with_heartbeat(runner)))


def worker_loops() -> list[Loop]:
    """Everything that is done again and again, with how long each rests when there is nothing to do."""
    for module in CONSUMERS:
        importlib.import_module(module)
    return [*_prompt_loops(), *_patient_loops()]


def _prompt_loops() -> list[Loop]:
    """What somebody waits for: the log, ended holds, payments, search, jobs that got stuck."""
    from tmam.catalog.summaries import refresh_summaries_once
    from tmam.inventory.queries import free_places
    from tmam.inventory.sweep import sweep_expired
    from tmam.notifications.resume_mail import resume_mails
    from tmam.orders.reconcile import reconcile_once
    from tmam.platform.event_log import dispatch_once, run_consumers_once
    from tmam.platform.jobs import retry_stalled_jobs
    from tmam.platform.statements import run_verb

    def read_log(_: datetime) -> int:
        return dispatch_once() + run_consumers_once()

    def refresh_search(now: datetime) -> int:
        return refresh_summaries_once(now, lambda event_id: run_verb(free_places(event_id)))

    def resume_jobs(now: datetime) -> int:
        return retry_stalled_jobs(now) + resume_mails(now)

    return [
        Loop("log", read_log, idle_s=0.25),
        Loop("sweep", lambda now: sweep_expired(now, SWEEP_LIMIT), idle_s=1.0),
        Loop("payments", reconcile_once, idle_s=2.0),
        Loop("search", refresh_search, idle_s=5.0),
        Loop("jobs", resume_jobs, idle_s=30.0),
    ]


def _patient_loops() -> list[Loop]:
    """What has time: files drawn ahead and swept, reminders, and forgetting whatever is to be forgotten."""
    from tmam.accounts.attack_signs import forget_old_signs
    from tmam.accounts.erasure import continue_erasures
    from tmam.accounts.forget_spent import forget_spent
    from tmam.accounts.recovery import announce
    from tmam.accounts.sweep_log import sweep_security_log
    from tmam.delivery.store import file_store
    from tmam.fulfilment.apple.registrations import forget_old_registrations
    from tmam.fulfilment.links.stop_links import sweep_links
    from tmam.fulfilment.sweep_files import sweep_files
    from tmam.fulfilment.wallet.held import sweep_held
    from tmam.fulfilment.warm_soon import warm_soon
    from tmam.notifications.reminders import owe_reminders
    from tmam.orders.forget_buyer import sweep_kept_records
    from tmam.web.jobs import start_warming

    def remind(now: datetime) -> int:
        return owe_reminders(now, timedelta(hours=current_settings().reminder_hours))

    def keep_privacy(now: datetime) -> int:
        days = current_settings().security_log_days
        done = continue_erasures(now) + announce(now)
        done += sweep_security_log(now, days) + sweep_kept_records(now)
        return done + sweep_links(now) + sweep_held(now)

    def warm(now: datetime) -> int:
        return warm_soon(now, current_settings(), start_warming)

    def sweep_kept_files(now: datetime) -> int:
        return sweep_files(now, file_store(), current_settings().file_days)

    return [
        Loop("warming", warm, idle_s=300.0),
        Loop("files", sweep_kept_files, idle_s=FILES_EVERY_S),
        Loop("reminders", remind, idle_s=60.0),
        Loop("sign_in", forget_old_signs, idle_s=300.0),
        Loop("privacy", keep_privacy, idle_s=20.0),
        Loop("spent", lambda now: forget_spent(now) + forget_old_registrations(now), idle_s=600.0),
    ]


def with_heartbeat(runner: LoopRunner) -> LoopRunner:
    """The runner with one more loop: it writes down that the worker and each of its loops are alive."""
    from tmam.platform.heartbeat import BEAT_EVERY_S, WORKER, beat

    def write_signs(now: datetime) -> int:
        beat({WORKER: now, **{f"{WORKER}.{name}": at for name, at in runner.last_success.items()}})
        return 0

    runner.add(Loop("heartbeat", write_signs, idle_s=BEAT_EVERY_S))
    return runner


async def _work(runner: LoopRunner) -> None:
    """Work until a signal, then finish what was begun."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner.start()
    jobs = asyncio.create_task(_run_jobs(stop), name="jobs")
    log.info("worker_started")
    await stop.wait()
    jobs.cancel()
    stopped, unfinished = await asyncio.gather(
        asyncio.wait({jobs}, timeout=STOP_PATIENCE_S), asyncio.to_thread(runner.stop, STOP_PATIENCE_S)
    )
    unfinished += [task.get_name() for task in stopped[1]]
    log.info("worker_stopped", unfinished=unfinished)
    if unfinished:
        os._exit(1)  # what does not end must not keep the process: all work is safe to repeat


async def _run_jobs(stop: asyncio.Event) -> None:
    """Run jobs as they come; start again when the database went away."""
    from procrastinate.contrib.django import app

    wait_s = FIRST_WAIT_S
    while not stop.is_set():
        try:
            worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
            async with worker_app.open_async():
                wait_s = FIRST_WAIT_S
                await worker_app.run_worker_async(
                    name="tmam",
                    concurrency=JOBS_AT_A_TIME,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=JOB_PATIENCE_S,
                )
        except Exception:
            if stop.is_set():
                return  # the database stopped before us
            log.exception("jobs_failed", again_in_s=wait_s)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)
