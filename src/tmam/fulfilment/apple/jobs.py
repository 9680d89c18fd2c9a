"""The job that tells phones of changed passes: one an event, however many changes wait."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from tmam.delivery.apple.site_certificate import apple_certificate
from tmam.fulfilment.apple.models import AppleRegistration
from tmam.fulfilment.apple.push import PushService, push_changes, push_url
from tmam.platform.jobs import app

# An organizer who moves a date corrects the doors a moment later: one push tells both.
GATHER_S: Final = 10
_FIRST_WAIT_S, _LONGEST_WAIT_S, _MOST_ATTEMPTS = 15, 3600, 40


class NotAllToldError(Exception):
    """Some phones could not be told yet: the job comes back for them."""


class ComeBackLater(BaseRetryStrategy):
    """Waits that double up to an hour; after a day and a half the phones find out when they ask by themselves."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Whatever went wrong."""
        del exception
        if job.attempts >= _MOST_ATTEMPTS:
            return None
        return RetryDecision(
            retry_in={"seconds": min(_FIRST_WAIT_S * 2 ** min(job.attempts, 12), _LONGEST_WAIT_S)}
        )


def owe_pushes(event_id: int) -> None:
    """Queue one job for an event, unless nobody holds a pass of it or one waits already."""
    if not push_url() or not AppleRegistration.objects.filter(event_id=event_id).exists():
        return
    waiting = push_passes_job.configure(
        queueing_lock=f"apple-push-{event_id}", schedule_in={"seconds": GATHER_S}
    )
    try:
        with transaction.atomic():
            waiting.defer(event_id=event_id)
    except AlreadyEnqueued:
        pass  # it will find this change too


@app.task(queue="push", name="fulfilment.push_apple_passes", retry=ComeBackLater())
def push_passes_job(event_id: int) -> None:
    """Tell every phone that holds a changed pass of this event.

    Raises:
        NotAllToldError: the push service was busy or away; what was told is remembered.
    """
    url, certificate = push_url(), apple_certificate()
    if not url or certificate is None:
        return
    with PushService(url, certificate) as service:
        outcome = push_changes(event_id, service, timezone.now())
    if outcome.later:
        raise NotAllToldError(f"{outcome.later} phones could not be told yet")
