"""A small puzzle that costs a browser a moment and an attacker many: off by default, on by itself under attack.

The port is `PuzzleMaker`; the built-in maker speaks ALTCHA (`adapters/altcha.py`) and needs no other service. A solution
is worth one attempt: it is written down when it is used, and the primary key refuses the second use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from tmam.accounts.attack_signs import is_under_attack
from tmam.accounts.models import SolvedChallenge
from tmam.platform.settings import Settings
from tmam.platform.statements import Verb, run_verb, statement

# Long enough for somebody who reads the page, looks for the password and comes back.
LIFETIME = timedelta(minutes=20)


@dataclass(frozen=True)
class Solved:
    """A puzzle of ours, solved in time. `digest` tells it from every other."""

    digest: str
    expires_at: datetime


class PuzzleMaker(Protocol):
    """Makes puzzles and knows their solutions; keeps nothing."""

    def make(self, now: datetime) -> str:
        """A new puzzle, as text for the browser."""

    def read(self, solution: str, now: datetime) -> Solved | None:
        """What was solved, or None: wrong, too late, or none of ours."""


def is_called_for(settings: Settings, now: datetime) -> bool:
    """Whether browsers that nobody knows must solve a puzzle now."""
    if settings.challenge == "auto":
        return is_under_attack(now, settings.challenge_failures)
    return settings.challenge == "on"


def use_solution(maker: PuzzleMaker, solution: str, now: datetime) -> bool:
    """Whether this is a right solution that was not used before; afterwards it is."""
    solved = maker.read(solution, now)
    return solved is not None and run_verb(_use(solved))


def is_used(digest: str) -> bool:
    """Whether a puzzle was used."""
    return SolvedChallenge.objects.filter(digest=digest).exists()


def _use(solved: Solved) -> Verb[bool]:
    rows = yield statement("tmam.accounts", "use_solution"), (solved.digest, solved.expires_at)
    return bool(rows)
