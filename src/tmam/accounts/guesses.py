"""How often codes may be tried: ten times an hour and account, all kinds of codes together, then a growing pause.

Anything short enough to be typed can be guessed, so every check of a code first takes one of the tries with
`claim_guess`, and gives them all back with `forget_guesses` when the code was right. The count is one row of
PostgreSQL changed by one statement: neither a new session, nor another process, nor a thousand requests at the
same moment get more. A `scope` keeps apart who tries: strangers who know a password can use up their own tries,
but not those of the browsers where the person is signed in already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tmam.accounts.errors import TooManyCodesError
from tmam.accounts.models import GuessCount
from tmam.platform.statements import Verb, run_verb, statement

MOST_TRIES = 10
WINDOW = timedelta(hours=1)
FIRST_PAUSE = timedelta(hours=1)
LONGEST_PAUSE = timedelta(hours=24)
# After so long without a try, the next pause is a first one again.
FORGOTTEN_AFTER = timedelta(days=7)


class GuessScope(StrEnum):
    """Who is trying."""

    STRANGERS = "strangers"  # at sign-in, from a browser that we do not know
    KNOWN_BROWSERS = "known_browsers"  # at sign-in, from one where the person was signed in before
    SIGNED_IN = "signed_in"  # within a session


@dataclass(frozen=True)
class Guess:
    """A try that may be made. `pauses_until`: it is the last one for now, until then."""

    tries: int
    pauses_until: datetime | None


def claim_guess(user_id: int, scope: GuessScope, *, now: datetime) -> Guess:
    """Take one try, before the code is looked at.

    Raises:
        TooManyCodesError: none is left before `free_at`.
    """
    rows = run_verb(_claim(user_id, scope, now))
    if rows is None:
        raise TooManyCodesError(free_at=paused_until(user_id, scope, now=now) or now)
    tries, pauses_until = rows
    return Guess(tries, pauses_until)


def paused_until(user_id: int, scope: GuessScope, *, now: datetime) -> datetime | None:
    """Until when no try is left, for pages to say so beforehand; `claim_guess` alone decides."""
    row = GuessCount.objects.filter(user_id=user_id, scope=scope, paused_until__gt=now).first()
    return row.paused_until if row else None


def forget_guesses(user_id: int, scope: GuessScope) -> None:
    """The code was right: all tries are there again."""
    GuessCount.objects.filter(user_id=user_id, scope=scope).delete()


def _claim(user_id: int, scope: GuessScope, now: datetime) -> Verb[tuple[int, datetime | None] | None]:
    rows = yield (
        statement("tmam.accounts", "claim_guess"),
        (
            user_id,
            scope,
            now,
            now + WINDOW,
            MOST_TRIES,
            FIRST_PAUSE.total_seconds(),
            LONGEST_PAUSE.total_seconds(),
            now - FORGOTTEN_AFTER,
        ),
    )
    return (int(rows[0][0]), rows[0][1]) if rows else None
