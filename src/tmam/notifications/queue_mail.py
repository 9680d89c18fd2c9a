"""Owing somebody a mail: the row that keeps the promise, and the job that will send it, in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tmam.notifications.jobs import send_mail_job
from tmam.notifications.mail_context import seal
from tmam.platform.statements import Verb, run_verb, statement

# A person who lost the e-mail may ask for it this often; the mail's unique cause holds the limit.
LOST_MAILS_PER_HOUR = 3
BULK = -10  # jobs of a higher priority are taken first


def queue_mail(
    *,
    cause: str,
    template: str,
    to: str,
    language: str,
    now: datetime,
    context: Mapping[str, Any] | None = None,
    is_bulk: bool = False,
) -> int | None:
    """Owe one mail and queue its job. Part of the caller's transaction, if one is open.

    Args:
        cause: what the mail is about; a second mail for the same cause is not queued.
        template: its kind, a file name under `templates/mail/`.
        to: the recipient's address.
        language: language code of the mail.
        now: the present instant.
        context: JSON that the kind needs (ids, a code).
        is_bulk: one of very many, which lets confirmations and codes go first.

    Returns:
        The mail's number, or None when that cause has its mail already.
    """
    with transaction.atomic():
        mail_id = run_verb(
            _insert_mail(
                cause=cause, template=template, to=to, language=language, now=now, context=context or {}
            )
        )
        if mail_id is not None:
            send_mail_job.configure(priority=BULK if is_bulk else 0).defer(mail_id=mail_id)
    return mail_id


def queue_lost_tickets_mail(*, email: str, language: str, now: datetime) -> bool:
    """Owe an address the mail that lists its open links; known and unknown addresses take the same time.

    Returns:
        False when this address has had its `LOST_MAILS_PER_HOUR` mails within the current clock hour.
    """
    address = email.strip().lower()
    digest = hashlib.sha256(address.encode()).hexdigest()[:32]
    for slot in range(LOST_MAILS_PER_HOUR):
        cause = f"lost-tickets:{digest}:{now:%Y-%m-%dT%H}:{slot}"
        if (
            queue_mail(cause=cause, template="lost_tickets", to=address, language=language, now=now)
            is not None
        ):
            return True
    return False


def _insert_mail(
    *, cause: str, template: str, to: str, language: str, now: datetime, context: Mapping[str, Any]
) -> Verb[int | None]:
    rows = yield (
        statement("tmam.notifications", "queue_mail"),
        (cause, template, to, language, json.dumps(seal(context), default=str), now),
    )
    return int(rows[0][0]) if rows else None
