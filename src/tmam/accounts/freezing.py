"""Locking an account whose owner says that somebody else got in, and opening it again.

A frozen account is signed in to by nobody, trusts no browser, has no password and hands nothing on. What was added
to it or changed since the alert is taken back (`take_back`). It opens when its owner proves anew who they are (a new
password by a code to an address that was proven when it was locked, then the second factor if there is one), or by
hand by platform staff; only by them when something could not be put back. Who controls the owner's mailbox can do
the first, as ever: the case that a freeze raises is for the support desk to look at.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from tmam.accounts.alert_snapshots import snapshot_of
from tmam.accounts.devices import forget_all_devices
from tmam.accounts.errors import AccountFrozenError
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Freeze, User
from tmam.accounts.security_log import NOWHERE, Visit, record
from tmam.accounts.take_back import TakenBack, take_back


def freeze(user_id: int, *, alert_entry_id: int | None, now: datetime, visit: Visit = NOWHERE) -> bool:
    """Lock an account: out everywhere, no password, no trusted browser, nothing handed on, a case for the desk.

    Returns False, having changed nothing, when this alert was answered before, or the account is locked and went
    back at least as far: using a link twice, or again after the account was opened, does no harm. An earlier alert
    than the one that locked it goes back further.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(id=user_id)
        lock = open_freeze(user_id)
        if lock is None:
            try:
                with transaction.atomic():
                    lock = Freeze.objects.create(user=user, frozen_at=now, alert_entry=alert_entry_id)
            except IntegrityError:
                return False
        elif not goes_further(lock, alert_entry_id):
            return False
        _go_back(lock, user, alert_entry_id, now=now)
        user.set_unusable_password()
        user.save(update_fields=["password"])
        forget_all_devices(user_id, now=now)
        details = {
            "alert_entry_id": alert_entry_id,
            "since": lock.back_to.isoformat() if lock.back_to is not None else None,
            "taken_back": lock.taken_back,
            "needs_staff": lock.needs_staff,
        }
        record(user_id, Happening.FROZEN, now=now, visit=visit, details=details)
        record(user_id, Happening.CASE_RAISED, now=now, visit=visit, actor="system", details=details)
    return True


def goes_further(lock: Freeze, alert_entry_id: int | None) -> bool:
    """Whether this alert was before what the lock went back to: somebody who got in twice was warned of twice."""
    if alert_entry_id is None or lock.alert_entry == alert_entry_id:
        return False
    before = snapshot_of(lock.user_id, alert_entry_id)
    return before is not None and (lock.back_to is None or before.taken_at < lock.back_to)


def _go_back(lock: Freeze, user: User, alert_entry_id: int | None, *, now: datetime) -> None:
    """Undo what was done since the alert, and note who may open the lock. Without an alert nothing is known of."""
    if alert_entry_id is not None:
        before = snapshot_of(user.pk, alert_entry_id)
        undone = TakenBack(needs_staff=True) if before is None else take_back(user, before, now=now)
        lock.taken_back = dict(Counter(lock.taken_back) + undone.counts)
        lock.needs_staff = lock.needs_staff or undone.needs_staff
        lock.back_to = before.taken_at if before is not None else None
    kept = EmailAddress.objects.filter(user_id=user.pk, verified=True)
    lock.address_ids = list(kept.values_list("pk", flat=True))
    lock.save(update_fields=["taken_back", "needs_staff", "back_to", "address_ids"])


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
        lock = open_freeze(user_id)
        opened = Freeze.objects.filter(user_id=user_id, thawed_at=None).update(
            thawed_at=now, thawed_by=by, reason=reason
        )
        if lock is not None and opened:
            _forget_late_addresses(lock)
            record(user_id, Happening.THAWED, now=now, visit=visit, actor=by, reason=reason)
    return bool(opened)


def _forget_late_addresses(lock: Freeze) -> None:
    """Whatever a sign-in that was under way proved since the lock was not the owner's."""
    if lock.address_ids is None:
        return
    late = EmailAddress.objects.filter(user_id=lock.user_id).exclude(pk__in=lock.address_ids)
    late.exclude(email__iexact=User.objects.get(pk=lock.user_id).email).delete()


def open_freeze(user_id: int) -> Freeze | None:
    """The lock that is in force."""
    return Freeze.objects.filter(user_id=user_id, thawed_at=None).first()


def may_open(lock: Freeze, email: str) -> bool:
    """Whether a code to this address proves the owner: it was proven when the account was locked."""
    if User.objects.filter(pk=lock.user_id, email__iexact=email).exists():
        return True
    return bool(EmailAddress.objects.filter(pk__in=lock.address_ids or [], email__iexact=email).exists())


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
