"""The job that tells Google of changed passes, and comes back while Google is away."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from tmam.fulfilment.google.account import google_account, is_google_offered
from tmam.fulfilment.google.sync_passes import sync_passes
from tmam.fulfilment.google.tell_of_date import tell_of_date
from tmam.platform.jobs import app

LONGEST_WAIT_S = 1_800


class ComeBackToGoogle(BaseRetryStrategy):
    """Waits of 10 s, 20 s, 40 s … up to half an hour, as long as it takes: a pass must not stay wrong."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        del exception
        return RetryDecision(retry_in={"seconds": min(LONGEST_WAIT_S, 10 * 2 ** min(job.attempts, 10))})


@app.task(queue="wallets", name="fulfilment.sync_google", retry=ComeBackToGoogle())
def sync_google_job(event_id: int, told: Sequence[str] = ()) -> None:
    """Tell Google of every changed pass of an event; `told` are moved dates to tell people of, `<news>:<date>`."""
    if is_google_offered(settings.TMAM):
        account = google_account(settings.TMAM)
        sync_passes(event_id, account, timezone.now())
        for news, _, date in (each.partition(":") for each in told):
            tell_of_date(event_id, int(date), news, account)
