"""Locking an account whose owner says that somebody else got in, and opening it again.

A frozen account is signed in to by nobody, trusts no browser, has no password and hands nothing on. It opens when
its owner proves anew who they are (a new password by mailed code, then the second factor if there is one), or by
hand by platform staff. Who controls the mailbox can do the first, as ever: the case that a freeze raises is for
the support desk to look at.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from tmam.accounts.devices import forget_all_devices
from tmam.accounts.errors import AccountFrozenError
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Freeze, User
from tmam.accounts.security_log import NOWHERE, Visit, record


def freeze(user_id: int, *, alert_entry_id: int | None, now: datetime, visit: Visit = NOWHERE) -> bool:
    """Lock an account: out everywhere, no password, no trusted browser, nothing handed on, a case for the desk.

    Returns False, having changed nothing, when it is locked already or this alert was answered before: using a
    link twice, or again after the account was opened, does no harm.
    """
    details = {"alert_entry_id": alert_entry_id}
    with transaction.atomic():
        user = User.objects.select_for_update().get(id=user_id)
        try:
            with transaction.atomic():
                Freeze.objects.create(user=user, frozen_at=now, alert_entry=alert_entry_id)
        except IntegrityError:
            return False
        user.set_unusable_password()
        user.save(update_fields=["password"])
        forget_all_devices(user_id, now=now)
        record(user_id, Happening.FROZEN, now=now, visit=visit, details=details)
        record(user_id, Happening.CASE_RAISED, now=now, visit=visit, actor="system", details=details)
    return True


def thaw(user_id: int, *, by: str, reason: str, now: datetime, visit: Visit = NOWHERE) -> bool:
    """Open a locked account again; False when it is not locked.

    Args:
        user_id: whose account.
        by: `user:7`, the owner who proved it anew, or `staff:3`.
        reason: what staff typed; said to nobody but the owner and staff.
        now: the present instant.
        visit: from where.
    """
    with transaction.atomic():
        opened = Freeze.objects.filter(user_id=user_id, thawed_at=None).update(
            thawed_at=now, thawed_by=by, reason=reason
        )
        if opened:
            record(user_id, Happening.THAWED, now=now, visit=visit, actor=by, reason=reason)
    return bool(opened)


def is_frozen(user_id: int) -> bool:
    """Whether the account is locked right now."""
    return Freeze.objects.filter(user_id=user_id, thawed_at=None).exists()


def was_answered(alert_entry_id: int) -> bool:
    """Whether "this was not me" was said to this alert before."""
    return Freeze.objects.filter(alert_entry=alert_entry_id).exists()


def require_not_frozen(user_id: int) -> None:
    """Refuse what a locked account must not do: handing tickets on, selling them, moving money.

    Raises:
        AccountFrozenError: it is locked.
    """
    if is_frozen(user_id):
        raise AccountFrozenError
