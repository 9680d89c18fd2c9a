"""Forget whom teams invited: the organizers' part of an erased account."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from tmam.accounts.personal_data import Departed, forgets
from tmam.organizers.models import Invitation


@forgets("invitations")
def forget_invitations(departed: Departed, now: datetime) -> bool:
    """Delete what was offered to a departed person's addresses while they were here."""
    del now
    for address in departed.addresses:
        Invitation.objects.filter(Q(email__iexact=address), made_at__lte=departed.until).delete()
    return True
