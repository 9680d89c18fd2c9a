"""The invitation that a browser came with, between the link in the mail and joining.

The link's secret is exchanged for a note in the session at once, so it is in no further address, referrer or log.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.urls import reverse

from tmam.organizers.invitation_links import find_invitation_by_hash
from tmam.organizers.models import Invitation

_KEPT: Final = "invitation"


def keep_invitation(request: HttpRequest, invitation: Invitation) -> None:
    """Remember the invitation whose link this browser opened."""
    request.session[_KEPT] = bytes(invitation.token_sha256 or b"").hex()


def kept_invitation(request: HttpRequest) -> Invitation | None:
    """The invitation whose link this browser opened, whatever became of it; None if a newer mail replaced the link."""
    kept = request.session.get(_KEPT)
    return find_invitation_by_hash(bytes.fromhex(kept)) if kept else None


def forget_invitation(request: HttpRequest) -> None:
    """It was answered."""
    request.session.pop(_KEPT, None)


def invitation_path(request: HttpRequest) -> str | None:
    """Where somebody goes on who came with an invitation and signed in or up on the way."""
    return reverse("me_invitation") if request.session.get(_KEPT) else None
