"""Puzzles as ALTCHA's first protocol has them: find the number whose SHA-256 with a salt is the one asked for.

Any ALTCHA widget or library can solve them; our pages bring a small script of their own, because the widget styles itself
inline, which our content policy forbids. Signed by HMAC, so nothing is kept until a solution is used.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs

from altcha.v1 import ChallengeOptions, create_challenge, verify_solution
from django.conf import settings

from tmam.accounts.proof_of_work import LIFETIME, Solved

# A laptop tries half a million a second, a cheap phone a tenth of that: half of these on average.
MOST_TRIES = 200_000
LONGEST_SOLUTION = 2_000


class AltchaPuzzles:
    """The built-in maker."""

    def make(self, now: datetime) -> str:
        options = ChallengeOptions(
            algorithm="SHA-256", max_number=MOST_TRIES, hmac_key=_key(), expires=now + LIFETIME
        )
        challenge = create_challenge(options)
        return json.dumps(
            {
                "algorithm": challenge.algorithm,
                "challenge": challenge.challenge,
                "maxnumber": challenge.max_number,
                "salt": challenge.salt,
                "signature": challenge.signature,
            }
        )

    def read(self, solution: str, now: datetime) -> Solved | None:
        try:
            found = json.loads(base64.b64decode(solution[:LONGEST_SOLUTION], validate=True))
            expires = parse_qs(str(found["salt"]).partition("?")[2])["expires"][0]
            expires_at = datetime.fromtimestamp(int(expires), UTC)
            # The expiry is inside the signed salt; the clock is ours.
            is_right, _ = verify_solution(solution, _key(), check_expires=False)
        except (
            binascii.Error,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            OverflowError,
            RecursionError,
        ):
            return None
        if not is_right or now >= expires_at:
            return None
        # The challenge alone names the puzzle: the library takes its salt in two spellings.
        return Solved(str(found["challenge"]), expires_at)


def solve(puzzle: str) -> str:
    """What a browser does: for tests, and for programs that have a good reason to sign in through the form."""
    asked = json.loads(puzzle)
    for number in range(asked["maxnumber"] + 1):
        if hashlib.sha256(f"{asked['salt']}{number}".encode()).hexdigest() == asked["challenge"]:
            solution = {**asked, "number": number}
            return base64.b64encode(json.dumps(solution).encode()).decode()
    raise ValueError("this puzzle has no solution")


def _key() -> str:
    return hashlib.sha256(f"tmam.accounts.altcha {settings.SECRET_KEY}".encode()).hexdigest()
