"""Sending one owed mail, and what happens when the post office is closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F

from tmam.notifications.models import Mail

log = structlog.get_logger("tmam.notifications")

# With the waits of `retry_wait_s` the last attempt comes about seven hours after the first.
MAX_ATTEMPTS = 16
LONGEST_WAIT_S = 3_600

Compose = Callable[[Mail, datetime], EmailMessage]


class MailNotSentError(Exception):
    """The attempt failed and another one is due: tells the job queue to come back."""


def send_mail(mail_id: int, *, transport: BaseEmailBackend, compose: Compose, now: datetime) -> str:
    """Send one owed mail and note the outcome; returns the mail's state.

    A mail that was sent or given up is left alone, so a repeated job does nothing. The attempt is counted
    before it is made: what crashes the process cannot crash it for ever. A crash between sending and noting
    sends the same mail again, with the same Message-ID.

    Raises:
        MailNotSentError: it did not work, and fewer than `MAX_ATTEMPTS` were made.
    """
    claimed = Mail.objects.filter(id=mail_id, state="waiting").update(attempts=F("attempts") + 1)
    mail = Mail.objects.filter(id=mail_id).first()
    if mail is None or not claimed:
        return mail.state if mail else "gone"
    try:
        message = compose(mail, now)
        transport.send_messages([message])
    except Exception as error:  # noqa: BLE001 - see _note_failure: whatever went wrong must end in a row
        return _note_failure(mail, error)
    Mail.objects.filter(id=mail_id).update(state="sent", sent_at=now, context={}, last_error="")
    log.info("mail_sent", mail_id=mail_id, template=mail.template)
    return "sent"


def retry_wait_s(attempts: int) -> int:
    """Seconds to wait after this many failed attempts: 10, 20, 40 … up to an hour."""
    return min(10 << max(attempts - 1, 0), LONGEST_WAIT_S)


def _note_failure(mail: Mail, error: Exception) -> str:
    """Whatever went wrong (a server that refuses, a template of ours) is kept in the row, where doctor reads it."""
    is_last = mail.attempts >= MAX_ATTEMPTS
    reason = f"{type(error).__name__}: {error}"[:300]
    state = "failed" if is_last else "waiting"
    Mail.objects.filter(id=mail.id).update(state=state, last_error=reason)
    log.warning("mail_not_sent", mail_id=mail.id, attempts=mail.attempts, reason=reason, given_up=is_last)
    if not is_last:
        raise MailNotSentError(reason) from error
    return state
