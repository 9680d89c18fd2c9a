"""The signed links of a recovery: prove the mailbox, stop it, complete it. Made when the letter is written.

A link says which request and what for, and nothing else; whether that may still be done is decided by the request's row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.core import signing

_SALT = "tmam.accounts.recovery"


class LinkPurpose(StrEnum):
    """What a link is for. One cannot be used for another's purpose."""

    PROVE = "prove"
    CANCEL = "cancel"
    COMPLETE = "complete"


@dataclass(frozen=True)
class RecoveryLink:
    """What a genuine link says."""

    request_id: int
    purpose: LinkPurpose


def sign_recovery_link(request_id: int, purpose: LinkPurpose) -> str:
    """The link's secret."""
    return signing.Signer(salt=_SALT, sep=".").sign(f"{purpose}-{request_id}")


def read_recovery_link(text: str) -> RecoveryLink | None:
    """What a link says, or None when we did not sign it."""
    try:
        purpose, _, number = signing.Signer(salt=_SALT, sep=".").unsign(text).partition("-")
        return RecoveryLink(int(number), LinkPurpose(purpose))
    except (signing.BadSignature, ValueError):
        return None
