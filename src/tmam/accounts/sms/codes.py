"""One-time codes by text message: owed with their message in one transaction, tried at most three times, used once."""

from __future__ import annotations

import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from tmam.accounts.happenings import Happening
from tmam.accounts.jobs import send_sms_job
from tmam.accounts.models import Sms, SmsCode
from tmam.accounts.models.phones import MOST_ATTEMPTS
from tmam.accounts.security_log import Visit, record
from tmam.accounts.sms.limits import count_sms
from tmam.accounts.sms.words import code_text
from tmam.kernel.typed_codes import typed_digits
from tmam.platform.settings import Settings
from tmam.platform.statements import run_verb

CODE_DIGITS = 6
CODE_TTL = timedelta(minutes=10)


@dataclass(frozen=True)
class Wanted:
    """Who is to get a code where, and for what: `add` (is this number yours?) or `prove` (is it you?)."""

    user_id: int
    number: str
    purpose: str
    language: str


def send_code(wanted: Wanted, *, visit: Visit, settings: Settings, now: datetime) -> uuid.UUID:
    """Owe one code to a number; returns the code's id, which only the asking session must know.

    Raises:
        TooManySmsError: the person, the number, the network or everybody together had enough; nothing is sent.
    """
    code_id, digits = uuid.uuid4(), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    counting = count_sms(
        user_id=wanted.user_id,
        number=wanted.number,
        network=visit.network,
        per_day=settings.sms_per_day,
        now=now,
    )
    with transaction.atomic():
        run_verb(counting)
        SmsCode.objects.create(
            id=code_id,
            user_id=wanted.user_id,
            number=wanted.number,
            purpose=wanted.purpose,
            digest=_digest(code_id, digits),
            made_at=now,
            expires_at=now + CODE_TTL,
        )
        sms = Sms.objects.create(
            to=wanted.number,
            text=code_text(digits, host=settings.host, language=wanted.language),
            queued_at=now,
            expires_at=now + CODE_TTL,
        )
        send_sms_job.defer(sms_id=sms.pk)
        record(wanted.user_id, Happening.PHONE_CODE_SENT, now=now, visit=visit)
    return code_id


def check_code(
    code_id: uuid.UUID, typed: str, *, user_id: int, purpose: str, now: datetime
) -> SmsCode | None:
    """The code, if that is what was typed; it is used up by this. None: wrong, used, too old, or tried too often.

    The attempt is counted before anything is compared, so guesses at the same moment are counted too.
    """
    live = SmsCode.objects.filter(
        id=code_id, user_id=user_id, purpose=purpose, used_at=None, expires_at__gt=now
    )
    if not live.filter(attempts__lt=MOST_ATTEMPTS).update(attempts=F("attempts") + 1):
        return None
    code = SmsCode.objects.get(id=code_id)
    if not hmac.compare_digest(code.digest, _digest(code_id, typed_digits(typed))):
        return None
    return code if live.update(used_at=now) else None


def is_code_spent(code_id: uuid.UUID, *, user_id: int, now: datetime) -> bool:
    """Whether no answer to this code is right any more."""
    return not SmsCode.objects.filter(
        id=code_id, user_id=user_id, used_at=None, expires_at__gt=now, attempts__lt=MOST_ATTEMPTS
    ).exists()


def _digest(code_id: uuid.UUID, digits: str) -> str:
    return salted_hmac("tmam.accounts.sms", f"{code_id}:{digits}", algorithm="sha256").hexdigest()
