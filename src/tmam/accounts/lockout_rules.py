"""When guessing is paused, and for how long: pure decisions on one count of attempts.

An attempt is counted *before* it is looked at, and taken back if it was right. So of a thousand attempts that arrive
at the same moment no more are looked at than the rule allows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# How long the first pause lasts, the second in a row, … and every one after the last.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
# A network is many people: it is never shut for longer than this.
NETWORK_PAUSES = PAUSES[:4]
# After so long without an attempt, a count starts as if there had never been one.
FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Rule:
    """So many attempts within so long, then a pause that grows each time."""

    limit: int
    window: timedelta
    pauses: tuple[timedelta, ...] = PAUSES


@dataclass(frozen=True)
class Count:
    """What is known of one account, device or network. `lock_number` counts its pauses and never falls."""

    failures: int
    since: datetime
    last_at: datetime
    locks: int = 0
    lock_number: int = 0
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Whether nothing more is looked at for now."""
        return self.locked_until is not None and now < self.locked_until


def after_attempt(count: Count, now: datetime, rule: Rule) -> Count:
    """The count with one more attempt, which may be the last before a pause. Not asked of a locked count."""
    if now - count.last_at > FORGOTTEN_AFTER:
        count = replace(count, failures=0, locks=0)
    if count.locked_until is not None or count.failures == 0 or now - count.since > rule.window:
        count = replace(count, failures=0, since=now, locked_until=None)
    count = replace(count, failures=count.failures + 1, last_at=now)
    if count.failures < rule.limit:
        return count
    return replace(
        count,
        locks=count.locks + 1,
        lock_number=count.lock_number + 1,
        locked_until=now + pause_after(count.locks, rule),
    )


def after_success(count: Count) -> Count:
    """The count of an account whose owner was there: nothing is held against it."""
    return replace(count, failures=0, locks=0, locked_until=None)


def taken_back(count: Count, lock_number: int) -> Count:
    """The count without one attempt that was no guess. `lock_number` is the pause it had caused, 0 if none."""
    failures = max(0, count.failures - 1)
    if lock_number and count.lock_number == lock_number and count.locked_until is not None:
        return replace(count, failures=failures, locks=count.locks - 1, locked_until=None)
    return replace(count, failures=failures)


def pause_after(locks_before: int, rule: Rule) -> timedelta:
    """How long the next pause is."""
    return rule.pauses[min(locks_before, len(rule.pauses) - 1)]
