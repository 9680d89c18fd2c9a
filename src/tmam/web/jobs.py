"""Jobs that need what only pages know: the drawing on a ticket."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from tmam.delivery.renderers import patient_renderers
from tmam.fulfilment.warm_event import WarmTools, warm_slice
from tmam.platform.jobs import app
from tmam.web.me.decoration import poster_of

AGAIN_IN_S = 15


class LaterAgain(BaseRetryStrategy):
    """A store that is away or a full queue passes; the files go on where they ended."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Wait a little, whatever it was."""
        del exception, job
        return RetryDecision(retry_in={"seconds": AGAIN_IN_S})


@app.task(queue="files", name="web.warm_event", retry=LaterAgain())
def warm_event_job(event_id: int) -> None:
    """Draw an event's files ahead for half a minute, then leave the rest to the next job: others want to work too."""
    if warm_slice(event_id, WarmTools(patient_renderers(), poster_of, timezone.now)):
        start_warming(event_id)


def start_warming(event_id: int) -> None:
    """Queue the job; one waits at most, and one runs at a time."""
    name = f"warm:{event_id}"
    try:
        warm_event_job.configure(queueing_lock=name, lock=name).defer(event_id=event_id)
    except AlreadyEnqueued:
        return
