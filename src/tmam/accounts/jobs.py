"""Background work of accounts: an owed text message is sent, while its code is good for something; a pause is told."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from tmam.accounts.happenings import Happening
from tmam.accounts.security_log import Visit, record
from tmam.accounts.sms.send_sms import retry_wait_s, send_sms
from tmam.accounts.sms.senders import open_sender
from tmam.platform.jobs import app

MOST_ATTEMPTS = 20  # a quarter of an hour: longer than any code lives


class SoonAgain(BaseRetryStrategy):
    """Short, growing waits; `send_sms` itself gives up when the code is too old."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Wait and try again, whatever went wrong."""
        del exception
        if job.attempts >= MOST_ATTEMPTS:
            return None
        return RetryDecision(retry_in={"seconds": retry_wait_s(job.attempts + 1)})


@app.task(queue="sms", name="accounts.send_sms", retry=SoonAgain())
def send_sms_job(sms_id: int) -> None:
    """Send one owed text message."""
    sender = open_sender(settings.TMAM.sms_url, settings.TMAM.state)
    send_sms(sms_id, sender=sender, now=timezone.now())


@app.task(queue="accounts", name="accounts.tell_of_pause")
def tell_of_pause(*, user_id: int, key: str, lock_number: int, at: str, network: str, browser: str) -> None:
    """Write down that an account was paused, if it is anybody's.

    A job, because the page must cost the same for a login that nobody has (`user_id` 0): both defer one.
    """
    if user_id:
        record(
            user_id,
            Happening.LOCKED,
            now=datetime.fromisoformat(at),
            visit=Visit(network=network, browser=browser),
            actor="system",
            details={"key": key, "lock_number": lock_number},
        )
