"""A challenge on its way to an authenticator and back.

What we must remember of it travels with the page, signed, so that looking at the sign-in page writes nothing. It
names the purpose, the person and the browser, and is too old after ten minutes. `UsedChallenge` notes who came back.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core import signing
from django.utils.crypto import constant_time_compare

from tmam.accounts.errors import PasskeyNotAcceptedError
from tmam.platform.statements import Verb, statement

TTL = timedelta(minutes=10)
_SALT = "tmam.accounts.passkeys"
_USE_CHALLENGE = statement("tmam.accounts", "use_challenge")


class Purpose(StrEnum):
    """What an answer will be good for; an answer for one is none for the others."""

    ADD_PASSKEY = "add_passkey"
    ADD_KEY = "add_key"
    SIGN_IN = "sign_in"
    PROVE = "prove"


@dataclass(frozen=True)
class Ceremony:
    """One challenge. `person` is 0 where anybody may answer; `browser` is a secret of the asking browser."""

    purpose: Purpose
    person: int
    browser: str
    challenge: str
    user_verification: str
    began_at: datetime

    @property
    def state(self) -> dict[str, Any]:
        """What the library wants to see again."""
        return {"challenge": self.challenge, "user_verification": self.user_verification}


def sign_ceremony(ceremony: Ceremony) -> str:
    """The ceremony as the page carries it."""
    return signing.dumps(
        [
            ceremony.purpose,
            ceremony.person,
            _digest(ceremony.browser),
            ceremony.challenge,
            ceremony.user_verification,
            int(ceremony.began_at.timestamp()),
        ],
        salt=_SALT,
    )


def read_ceremony(
    token: str, *, purposes: set[Purpose], person: int, browser: str, now: datetime
) -> Ceremony:
    """The ceremony that a page brought back.

    Raises:
        PasskeyNotAcceptedError: `expired`, or `invalid`: not ours, or of another purpose, person or browser.
    """
    try:
        purpose, whose, browser_digest, challenge, verification, began = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        raise PasskeyNotAcceptedError from None
    began_at = datetime.fromtimestamp(began, UTC)
    if now >= began_at + TTL:
        raise PasskeyNotAcceptedError("expired")
    is_theirs = whose == person and constant_time_compare(browser_digest, _digest(browser))
    if purpose not in purposes or not is_theirs:
        raise PasskeyNotAcceptedError
    return Ceremony(Purpose(purpose), person, browser, challenge, verification, began_at)


def use_challenge(ceremony: Ceremony) -> Verb[None]:
    """Let nobody answer this challenge again; part of the caller's transaction.

    Raises:
        PasskeyNotAcceptedError: `replayed`: somebody did already, perhaps at this very moment.
    """
    rows = yield _USE_CHALLENGE, (_digest(ceremony.challenge), ceremony.began_at + TTL)
    if not rows:
        raise PasskeyNotAcceptedError("replayed")


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
