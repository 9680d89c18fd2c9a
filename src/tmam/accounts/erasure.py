"""Erase an account: the account at once, what other capabilities keep step by step, each step safe to repeat.

`erase_account` deletes the person and everything that hangs on them, and leaves an `Erasure` with the addresses,
sealed. The worker's `continue_erasures` then lets every capability forget (`personal_data.forgets`). It looks twice at
least, an hour apart, because a payment or a mail may have been under way; and as often as it takes until a ticket's
event is over. Only then the sealed addresses go too. A crash anywhere is made good by the next look.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec
import structlog
from allauth.account.models import EmailAddress
from django.db import transaction

from tmam.accounts.happenings import Happening
from tmam.accounts.models import Erasure, Phone, Sms, SmsCode, User
from tmam.accounts.personal_data import Departed, steps
from tmam.accounts.security_log import Visit, record
from tmam.accounts.sessions import end_sessions
from tmam.platform import keys

log = structlog.get_logger("tmam.accounts")

SECOND_LOOK_AFTER: Final = timedelta(hours=1)
LOOK_EVERY: Final = timedelta(hours=12)
ERASURES_AT_A_TIME: Final = 20


def addresses_of(user_id: int) -> frozenset[str]:
    """The addresses a person has proven, in lower case: what is theirs."""
    proven = EmailAddress.objects.filter(user_id=user_id, verified=True)
    return frozenset(email.strip().lower() for email in proven.values_list("email", flat=True))


def erase_account(user: User, *, now: datetime, visit: Visit) -> Erasure:
    """Delete the account with everything that hangs on it, and note whom the others have to forget.

    Part of the caller's transaction. Orders and mails are forgotten by `continue_erasures`.
    """
    addresses = addresses_of(user.pk)
    with transaction.atomic():
        record(user.pk, Happening.ERASED, now=now, visit=visit)
        erasure = Erasure.objects.create(
            user_id=user.pk,
            asked_at=now,
            sealed=keys.encrypt(msgspec.json.encode(sorted(addresses))),
            look_at=now,
        )
        Sms.objects.filter(to__in=_numbers_of(user.pk)).delete()
        end_sessions(user.pk)
        user.delete()
    return erasure


def _numbers_of(user_id: int) -> list[str]:
    """The phone numbers that we sent a person codes to."""
    return [
        *Phone.objects.filter(user_id=user_id).values_list("number", flat=True),
        *SmsCode.objects.filter(user_id=user_id).values_list("number", flat=True),
    ]


def continue_erasures(now: datetime) -> int:
    """Look at every erasure that is due; returns how many. One that fails is looked at again later."""
    due = Erasure.objects.filter(finished_at=None, look_at__lte=now).order_by("look_at")
    looked = 0
    for erasure in due[:ERASURES_AT_A_TIME]:
        # Taken by moving the next look: of two workers one gets it, and a crash only makes it later.
        taken = Erasure.objects.filter(pk=erasure.pk, look_at=erasure.look_at, finished_at=None)
        if not taken.update(look_at=now + SECOND_LOOK_AFTER):
            continue
        looked += 1
        try:
            _look(erasure, now)
        except Exception:
            log.exception("erasure_failed", erasure_id=erasure.pk)
    return looked


def _look(erasure: Erasure, now: datetime) -> None:
    if erasure.sealed is None:
        return
    departed = Departed(
        addresses=frozenset(msgspec.json.decode(keys.decrypt(bytes(erasure.sealed)), type=list[str])),
        until=erasure.asked_at + SECOND_LOOK_AFTER,
    )
    done = [name for name, forget in steps().items() if forget(departed, now)]
    is_over = len(done) == len(steps()) and now >= departed.until
    Erasure.objects.filter(pk=erasure.pk).update(done_steps=done)
    if is_over:
        Erasure.objects.filter(pk=erasure.pk).update(sealed=None, finished_at=now)
    elif now >= departed.until:
        Erasure.objects.filter(pk=erasure.pk).update(look_at=now + LOOK_EVERY)
