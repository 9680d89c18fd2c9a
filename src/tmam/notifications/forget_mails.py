"""Forget whom we wrote to: the mails' part of an erased account, and the end of every mail's row."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Q

from tmam.accounts.personal_data import Departed, forgets
from tmam.notifications.models import Mail
from tmam.orders.models import PersonOrder


@forgets("mails")
def forget_mails(departed: Departed, now: datetime) -> bool:
    """Delete the rows of mails to a departed person; true when none is left.

    What still waits is sent first: it is the farewell, or tickets. What was written after they left belongs to
    whoever has the address now, if anybody does; else it was about their last tickets, and goes when those are over.
    """
    del now
    is_left = False
    for address in departed.addresses:
        mails = Mail.objects.filter(to__iexact=address)
        if _has_new_owner(address, departed.until):
            mails = mails.filter(queued_at__lte=departed.until)
        mails.exclude(state="waiting").delete()
        is_left |= mails.exists()
    return not is_left


def _has_new_owner(address: str, since: datetime) -> bool:
    newer = Q(email=address, ordered_at__gt=since)
    return (
        EmailAddress.objects.filter(email__iexact=address).exists()
        or PersonOrder.objects.filter(newer).exists()
    )
