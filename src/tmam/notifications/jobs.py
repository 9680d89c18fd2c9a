"""The job that sends an owed mail, and comes back when the post office is closed."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from tmam.notifications.compose import compose_mail
from tmam.notifications.dkim_signing import dkim_key
from tmam.notifications.send_mail import retry_wait_s, send_mail
from tmam.notifications.transports import open_transport
from tmam.platform.jobs import app


class ComeBackLater(BaseRetryStrategy):
    """Growing waits between attempts; `send_mail` itself decides when to give up."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Wait and try again, whatever went wrong: a database that is away or a wrong setting must not lose mail."""
        del exception
        return RetryDecision(retry_in={"seconds": retry_wait_s(job.attempts + 1)})


@app.task(queue="mail", name="notifications.tell_date_news", retry=ComeBackLater())
def tell_date_news_job(news_id: int) -> None:
    """Owe the next holders of a changed date their mails."""
    from tmam.notifications.date_news import tell_date_news  # it queues mails, whose job is below

    tell_date_news(news_id, timezone.now())


@app.task(queue="mail", name="notifications.send_mail", retry=ComeBackLater())
def send_mail_job(mail_id: int) -> None:
    """Send one owed mail."""
    transport = open_transport(settings.TMAM.mail_url, settings.TMAM.state, dkim_key(settings.TMAM))
    send_mail(mail_id, transport=transport, compose=compose_mail, now=timezone.now())
