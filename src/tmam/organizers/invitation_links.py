"""The secret of an invitation's link. It is made anew whenever a mail is composed; rows keep its SHA-256 only."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from typing import Final

from django.utils.crypto import salted_hmac

from tmam.organizers.models import Invitation

_PURPOSE: Final = "tmam.organizers.invitation"
_TOKEN: Final = re.compile(r"[0-9a-f]{64}")


def token_of(invitation: Invitation) -> str:
    """The secret of this invitation's newest mail: 64 hex digits."""
    text = f"{invitation.pk}:{invitation.mails_sent}"
    return salted_hmac(_PURPOSE, text, algorithm="sha256").hexdigest()


def token_sha256(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def find_invitation(token: str) -> Invitation | None:
    """The invitation whose newest mail has this secret, whatever became of it."""
    return find_invitation_by_hash(token_sha256(token)) if _TOKEN.fullmatch(token) else None


def find_invitation_by_hash(sha256: bytes) -> Invitation | None:
    """The same, for who kept the secret's SHA-256 only."""
    return Invitation.objects.select_related("organizer", "invited_by").filter(token_sha256=sha256).first()


def is_open(invitation: Invitation, now: datetime) -> bool:
    """Whether the invitation can be accepted."""
    return invitation.accepted_at is None and invitation.revoked_at is None and now < invitation.expires_at
