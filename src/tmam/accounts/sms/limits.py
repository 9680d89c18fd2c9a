"""How many text messages go out: each costs money, and making us send them is a business (toll fraud).

Counted in PostgreSQL, in windows of the clock, all of them in the transaction that owes the message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tmam.accounts.errors import TooManySmsError
from tmam.platform.statements import Verb, statement

_COUNT_SMS = statement("tmam.accounts", "count_sms")


@dataclass(frozen=True)
class Most:
    """A limit an hour and one a day."""

    an_hour: int
    a_day: int


PERSON = Most(5, 10)
NUMBER = Most(5, 10)
NETWORK = Most(10, 30)


def count_sms(*, user_id: int, number: str, network: str, per_day: int, now: datetime) -> Verb[None]:
    """Count one message for its person, number, network and everybody; part of the caller's transaction.

    Raises:
        TooManySmsError: one of them had enough. The caller's transaction must be rolled back.
    """
    windows = list(_windows(user_id, number, network, per_day, now))
    rows = yield (
        _COUNT_SMS,
        (
            [scope for scope, _, _ in windows],
            [since for _, since, _ in windows],
            [most for *_, most in windows],
        ),
    )
    counted = {row[0] for row in rows}
    full = [(scope, since) for scope, since, _ in windows if scope not in counted]
    if full:
        raise TooManySmsError(max(_seconds_left(scope, since, now) for scope, since in full))


def _windows(
    user_id: int, number: str, network: str, per_day: int, now: datetime
) -> Iterator[tuple[str, datetime, int]]:
    hour = now.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=0)
    scopes = [(f"person:{user_id}", PERSON), (f"number:{_digest(number)}", NUMBER)]
    if network:
        scopes.append((f"network:{_digest(network)}", NETWORK))
    for scope, most in scopes:
        yield f"{scope}:hour", hour, most.an_hour
        yield f"{scope}:day", day, most.a_day
    yield "everybody:day", day, per_day


def _seconds_left(scope: str, since: datetime, now: datetime) -> int:
    length = timedelta(hours=1) if scope.endswith(":hour") else timedelta(days=1)
    return max(1, int((since + length - now).total_seconds()))


def _digest(personal: str) -> str:
    return hashlib.sha256(personal.encode()).hexdigest()[:32]
