"""Checks of the background work: the worker and its loops, jobs, the event log's readers, mail, SMS."""

from __future__ import annotations

import os
import smtplib
from contextlib import suppress
from datetime import timedelta

from tmam.accounts.sms.queries import sms_trouble
from tmam.accounts.sms.senders import open_sender
from tmam.cli.doctor.findings import Check, Finding, Patient, fine, watch, wrong
from tmam.notifications.queries import mail_trouble
from tmam.notifications.transports import FolderBackend, open_transport
from tmam.platform.heartbeat import SILENT_AFTER, WORKER, signs_of_life

FAILED_JOBS = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"
WAITING_JOBS = """
SELECT count(*) FROM procrastinate_jobs
WHERE status = 'todo' AND coalesce(scheduled_at, '-infinity') < %s - interval '5 minutes'
    AND id IN (SELECT job_id FROM procrastinate_events WHERE type = 'deferred' AND at < %s - interval '5 minutes')
"""
UNPLACED = "SELECT count(*) FROM platform_log_entry WHERE position IS NULL AND at < %s - interval '1 minute'"
BEHIND = """
SELECT cursor.consumer, count(*) FROM platform_logcursor AS cursor
JOIN platform_log_entry AS entry ON entry.position > cursor.position AND entry.at < %s - interval '1 minute'
GROUP BY cursor.consumer ORDER BY cursor.consumer
"""


def background_checks() -> list[Check]:
    """Worker, jobs, log readers, mail, SMS."""
    return [
        Check("worker", _worker),
        Check("jobs", _jobs),
        Check("log_readers", _log_readers),
        Check("mail", _mail),
        Check("sms", _sms),
    ]


def _worker(patient: Patient) -> Finding:
    signs = signs_of_life()
    if WORKER not in signs:
        return wrong(
            "worker", "No worker has ever run.", "Start one: `tmam worker` (`tmam up` does it for you)."
        )
    rests = _rests()
    silent = sorted(
        name
        for name, at in signs.items()
        if patient.now - at > SILENT_AFTER + 2 * rests.get(name, timedelta(0))
    )
    if WORKER in silent:
        seconds = (patient.now - signs[WORKER]).total_seconds()
        return wrong(
            "worker",
            f"The worker has been silent for {seconds:.0f} s.",
            "Start it: `tmam worker`; its log says why it ended.",
        )
    if silent:
        return wrong(
            "worker", f"The worker lives, but {', '.join(silent)} does not get done.", "Its log says why."
        )
    return fine("worker", "The worker and all its loops are alive.")


def _rests() -> dict[str, timedelta]:
    """How long each loop of the worker rests when there is nothing to do, by the name its sign has."""
    from tmam.cli.worker import worker_loops  # late: the worker imports everything

    return {f"{WORKER}.{loop.name}": timedelta(seconds=loop.idle_s) for loop in worker_loops()}


def _jobs(patient: Patient) -> Finding:
    failed = _count(patient, FAILED_JOBS)
    waiting = _count(patient, WAITING_JOBS, patient.now, patient.now)
    if waiting:
        return wrong(
            "jobs",
            f"{waiting} jobs have waited for more than five minutes.",
            "See that a worker runs; start more of them.",
        )
    if failed:
        return watch(
            "jobs",
            f"{failed} jobs failed for good.",
            "The worker's log says why; `procrastinate` can retry them.",
        )
    return fine("jobs", "No job waits long and none has failed.")


def _log_readers(patient: Patient) -> Finding:
    unplaced = _count(patient, UNPLACED, patient.now)
    behind = patient.connection.execute(BEHIND, [patient.now]).fetchall()
    if unplaced or behind:
        readers = ", ".join(f"{name} ({count})" for name, count in behind) or "the dispatcher"
        return wrong(
            "log_readers",
            f"News lies unread for more than a minute: {readers}.",
            "See that the worker runs; its log says which reader fails on what.",
        )
    return fine("log_readers", "Every reader of the event log is up to date.")


def _mail(patient: Patient) -> Finding:
    settings = patient.settings
    try:
        transport = open_transport(settings.mail_url, settings.state)
    except ValueError as error:
        return wrong("mail", f"{error}.", "Correct TMAM_MAIL_URL.")
    reached = _folder_problem(transport) if isinstance(transport, FolderBackend) else _smtp_problem(transport)
    if reached:
        return wrong(
            "mail",
            f"Mail cannot leave: {reached}.",
            "Correct TMAM_MAIL_URL or the server; waiting mail is kept and sent later.",
        )
    trouble = mail_trouble(patient.now)
    if trouble.failed or trouble.late:
        return watch(
            "mail",
            f"{trouble.failed} mails were given up and {trouble.late} are late ({trouble.last_error or 'no reason noted'}).",
            "See what the mail server says about these addresses.",
        )
    return fine("mail", "Mail can leave, and none is late.")


def _sms(patient: Patient) -> Finding:
    settings = patient.settings
    try:
        open_sender(settings.sms_url, settings.state)
    except ValueError as error:
        return wrong("sms", f"{error}.", "Correct TMAM_SMS_URL.")
    trouble = sms_trouble(patient.now)
    if trouble.lost:
        return watch(
            "sms",
            f"{trouble.lost} text messages of the last day did not get out ({trouble.last_error or 'no reason noted'}).",
            "See what the provider says; people can prove who they are in other ways meanwhile.",
        )
    return fine("sms", "Text messages can leave, or are not offered.")


def _folder_problem(transport: FolderBackend) -> str:
    folder = transport.folder if transport.folder.exists() else transport.folder.parent
    return "" if os.access(folder, os.W_OK) else f"the folder {folder} cannot be written"


def _smtp_problem(transport: object) -> str:
    try:
        transport.open()  # type: ignore[attr-defined]
    except (OSError, smtplib.SMTPException) as error:
        return str(error)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            transport.close()  # type: ignore[attr-defined]
    return ""


def _count(patient: Patient, query: str, *arguments: object) -> int:
    row = patient.connection.execute(query, arguments).fetchone()
    return int(row[0]) if row else 0
