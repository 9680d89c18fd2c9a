"""Whether somebody tries passwords wholesale: failed sign-ins of all accounts together, minute by minute.

Many guesses at one account or from one network are paused by `lockout`. What is left to an attacker is one guess at
each of very many accounts from very many networks; its sign is their sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from tmam.accounts.models import AttemptCount, FailureMinute, SolvedChallenge
from tmam.platform.statements import Verb, run_verb, statement

MINUTE = timedelta(minutes=1)
CALM = timedelta(minutes=10)
_LOOK_BACK = timedelta(hours=1)
_KEPT = timedelta(days=2)
_AT_A_TIME = 2_000


def note_failure(now: datetime) -> None:
    """One more sign-in failed."""
    run_verb(_note_failure(now.replace(second=0, microsecond=0)))


def is_under_attack(now: datetime, threshold: int) -> bool:
    """Whether the puzzle is called for."""
    rows = FailureMinute.objects.filter(minute__gt=now - _LOOK_BACK, minute__lte=now)
    return attack_goes_on(dict(rows.values_list("minute", "failures")), now, threshold)


def attack_goes_on(failures: Mapping[datetime, int], now: datetime, threshold: int) -> bool:
    """On from the minute that reaches the threshold, off after `CALM` below half of it (pure)."""
    last_bad: datetime | None = None
    for minute in sorted(failures):
        is_on = last_bad is not None and minute - last_bad <= CALM
        if failures[minute] >= threshold or (is_on and failures[minute] * 2 >= threshold):
            last_bad = minute
    return last_bad is not None and now - last_bad <= CALM + MINUTE


def forget_old_signs(now: datetime) -> int:
    """Remove what nothing depends on any more; returns how many rows. Safe to run from several workers."""
    FailureMinute.objects.filter(minute__lt=now - _KEPT).delete()
    old_counts = AttemptCount.objects.filter(last_at__lt=now - _KEPT).exclude(locked_until__gt=now)
    removed, _ = AttemptCount.objects.filter(key__in=old_counts.values("key")[:_AT_A_TIME]).delete()
    used = SolvedChallenge.objects.filter(expires_at__lt=now)
    spent, _ = SolvedChallenge.objects.filter(digest__in=used.values("digest")[:_AT_A_TIME]).delete()
    return removed + spent


def _note_failure(minute: datetime) -> Verb[None]:
    yield statement("tmam.accounts", "note_failure"), (minute,)
