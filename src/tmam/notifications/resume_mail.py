"""Owed mails that lost their job get a new one: the row keeps the promise, the job is only its servant."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from tmam.notifications.jobs import send_mail_job
from tmam.platform.statements import Verb, run_verb, statement

log = structlog.get_logger("tmam.notifications")

LOST_AFTER = timedelta(minutes=1)
MAILS_AT_A_TIME = 500


def resume_mails(now: datetime) -> int:
    """Queue a job for every mail that waits for more than a minute and has none; returns how many.

    Any number of workers may do this at once: of two jobs for one mail the second is not queued, and
    `send_mail` leaves alone what was sent.
    """
    resumed = 0
    for mail_id in run_verb(_mails_without_job(now - LOST_AFTER)):
        try:
            with transaction.atomic():
                send_mail_job.configure(queueing_lock=f"mail:{mail_id}").defer(mail_id=mail_id)
        except AlreadyEnqueued:
            continue  # another worker was faster
        resumed += 1
    if resumed:
        log.warning("mails_resumed", mails=resumed)
    return resumed


def _mails_without_job(before: datetime) -> Verb[list[int]]:
    rows = yield (
        statement("tmam.notifications", "mails_without_job"),
        (before, send_mail_job.name, MAILS_AT_A_TIME),
    )
    return [int(row[0]) for row in rows]
