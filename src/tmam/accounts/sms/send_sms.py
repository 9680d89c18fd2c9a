"""Sending one owed text message, and what happens when the provider is away."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db.models import F

from tmam.accounts.models import Sms
from tmam.accounts.sms.ports import SmsLaterError, SmsRefusedError, SmsSender

log = structlog.get_logger("tmam.accounts.sms")

LONGEST_WAIT_S = 60


def send_sms(sms_id: int, *, sender: SmsSender, now: datetime) -> str:
    """Send one owed message while its code is good for something, and note the outcome; returns its state.

    What was sent or given up is left alone, so a repeated job does nothing.

    Raises:
        SmsLaterError: the provider may take it in a few seconds.
    """
    waiting = Sms.objects.filter(id=sms_id, state="waiting")
    if waiting.filter(expires_at__lte=now).update(state="expired", text=""):
        log.warning("sms_expired", sms_id=sms_id)
        return "expired"
    if not waiting.update(attempts=F("attempts") + 1):
        sms = Sms.objects.filter(id=sms_id).first()
        return sms.state if sms else "gone"
    sms = Sms.objects.get(id=sms_id)
    try:
        reference = sender.send(sms.to, sms.text)
    except SmsLaterError as error:
        waiting.update(last_error=str(error)[:300])
        log.warning("sms_not_sent", sms_id=sms_id, attempts=sms.attempts, reason=str(error))
        raise
    except SmsRefusedError as error:
        waiting.update(state="failed", text="", last_error=str(error)[:300])
        log.warning("sms_refused", sms_id=sms_id, reason=str(error))
        return "failed"
    waiting.update(state="sent", sent_at=now, text="", last_error="", provider_reference=reference[:80])
    log.info("sms_sent", sms_id=sms_id)
    return "sent"


def retry_wait_s(attempts: int) -> int:
    """Seconds to wait after this many failed attempts: 2, 4, 8 … up to a minute; a code is wanted soon or not at all."""
    return min(2 << max(attempts - 1, 0), LONGEST_WAIT_S)
