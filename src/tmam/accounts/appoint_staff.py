"""Who is platform staff: named by the operator, on the machine itself, and by nobody else."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from tmam.accounts.happenings import Happening
from tmam.accounts.models import User
from tmam.accounts.security_log import record

OPERATOR = "operator"


class NoSuchAccountError(LookupError):
    """No account has proven this address."""


def appoint_staff(email: str, *, now: datetime) -> bool:
    """Make somebody platform staff; False when they are already. They need a second factor before they see anything.

    Raises:
        NoSuchAccountError: nobody has proven this address.
    """
    return _set_staff(email, is_staff=True, happening=Happening.STAFF_APPOINTED, now=now)


def dismiss_staff(email: str, *, now: datetime) -> bool:
    """Take that away, at once; False when they are not staff.

    Raises:
        NoSuchAccountError: nobody has proven this address.
    """
    return _set_staff(email, is_staff=False, happening=Happening.STAFF_DISMISSED, now=now)


def staff_addresses() -> list[str]:
    """The main addresses of all staff, sorted."""
    return sorted(User.objects.filter(is_staff=True).values_list("email", flat=True))


def _set_staff(email: str, *, is_staff: bool, happening: Happening, now: datetime) -> bool:
    proven = EmailAddress.objects.filter(email__iexact=email, verified=True).first()
    if proven is None:
        raise NoSuchAccountError(email)
    with transaction.atomic():
        changed = User.objects.filter(pk=proven.user_id, is_staff=not is_staff).update(is_staff=is_staff)
        if changed:
            record(proven.user_id, happening, now=now, actor=OPERATOR)
    return bool(changed)
