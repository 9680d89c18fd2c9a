"""Recovery with the help of staff: begun, proven, decided, waited for, completed or stopped.

Every move is one conditional update, so that two clicks, two staff or a click and the worker cannot both win.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.db.models import F

from tmam.accounts.devices import forget_all_devices
from tmam.accounts.errors import RecoveryNotPossibleError
from tmam.accounts.happenings import Happening
from tmam.accounts.models import (
    OPEN_STATES,
    Phone,
    RecoveryKind,
    RecoveryRequest,
    RecoveryState,
    SecurityEntry,
    User,
)
from tmam.accounts.recovery_codes import remove_codes
from tmam.accounts.recovery_rules import (
    COMPLETE_WITHIN,
    PROVE_WITHIN,
    YOUNG_PASSWORD,
    ready_at,
    states_before,
)
from tmam.accounts.security_log import NOWHERE, Visit, record
from tmam.accounts.staff_log import staff_actor

HAPPENING_OF_STATE = {
    RecoveryState.ASKED: Happening.RECOVERY_ASKED,
    RecoveryState.APPROVED: Happening.RECOVERY_APPROVED,
    RecoveryState.REFUSED: Happening.RECOVERY_REFUSED,
    RecoveryState.CANCELLED: Happening.RECOVERY_CANCELLED,
    RecoveryState.COMPLETED: Happening.RECOVERED,
    RecoveryState.LAPSED: Happening.RECOVERY_LAPSED,
}


def open_request(user_id: int) -> RecoveryRequest | None:
    """The one request of this person that is asked or approved."""
    return RecoveryRequest.objects.filter(user_id=user_id, state__in=OPEN_STATES).first()


def had_mailbox(user: User, email: str) -> bool:
    """Whether this address was ever proven to be theirs. One that was only typed lends nobody the orders of its owner."""
    return bool(EmailAddress.objects.filter(user_id=user.pk, email__iexact=email, verified=True).exists())


def _was_password_mailed(user: User, now: datetime) -> bool:
    """Whether the password is one that the mailbox alone may have set: then it says little more than the mailbox."""
    lately = SecurityEntry.objects.filter(user_id=user.pk, at__gt=now - YOUNG_PASSWORD)
    return lately.filter(name__in=(Happening.PASSWORD_RESET, Happening.FROZEN)).exists()


def begin(
    user: User, kind: RecoveryKind, *, new_email: str, language: str, now: datetime, visit: Visit
) -> RecoveryRequest:
    """Make a request of somebody whose password was right. It counts for nothing until the mailbox is proven.

    Raises:
        RecoveryNotPossibleError: the mailbox that is said to be lost was never proven to be theirs.
    """
    if kind == RecoveryKind.EMAIL and not had_mailbox(user, user.email):
        raise RecoveryNotPossibleError
    return RecoveryRequest.objects.create(
        user=user,
        kind=kind,
        language=language,
        old_email=user.email,
        new_email=new_email.lower() if kind == RecoveryKind.EMAIL else "",
        proofs=["young_password" if _was_password_mailed(user, now) else "password"],
        network=visit.network,
        begun_at=now,
    )


def prove_mailbox(request_id: int, *, now: datetime, visit: Visit) -> RecoveryRequest:
    """The link came back: from now on the request is asked, and its owner is told everywhere.

    Repeated, it answers with the request as it stands.

    Raises:
        RecoveryNotPossibleError: too late, or another request of this person is open.
    """
    found = RecoveryRequest.objects.filter(pk=request_id).first()
    if found is None:
        raise RecoveryNotPossibleError
    if found.state == RecoveryState.UNPROVEN:
        if now - found.begun_at > PROVE_WITHIN:
            raise RecoveryNotPossibleError
        try:
            _move(
                found,
                RecoveryState.ASKED,
                now=now,
                visit=visit,
                requested_at=now,
                proofs=[*found.proofs, "new_mailbox" if found.kind == RecoveryKind.EMAIL else "mailbox"],
            )
        except IntegrityError as error:
            raise RecoveryNotPossibleError from error
    return RecoveryRequest.objects.get(pk=request_id)


def approve(
    request_id: int, *, staff_id: int, reason: str, wait_hours: int, now: datetime, visit: Visit
) -> bool:
    """Staff looked and believe it; the waiting begins. False when it was no longer to be decided, or is their own."""
    found = RecoveryRequest.objects.filter(pk=request_id).exclude(user_id=staff_id).first()
    return found is not None and _move(
        found,
        RecoveryState.APPROVED,
        now=now,
        visit=visit,
        staff_id=staff_id,
        reason=reason,
        approved_at=now,
        ready_at=ready_at(now, wait_hours),
    )


def refuse(request_id: int, *, staff_id: int, reason: str, now: datetime, visit: Visit) -> bool:
    """Staff looked and do not believe it, or have second thoughts. False when it is over already, or is their own."""
    found = RecoveryRequest.objects.filter(pk=request_id).exclude(user_id=staff_id).first()
    return found is not None and _move(
        found, RecoveryState.REFUSED, now=now, visit=visit, staff_id=staff_id, reason=reason, ended_at=now
    )


def cancel(request_id: int, *, now: datetime, visit: Visit) -> bool:
    """The owner says no, by a link or in a browser that is signed in. False when there was nothing to stop."""
    found = RecoveryRequest.objects.filter(pk=request_id).first()
    return found is not None and _move(found, RecoveryState.CANCELLED, now=now, visit=visit, ended_at=now)


def complete(request_id: int, *, password: str, now: datetime, visit: Visit) -> RecoveryRequest:
    """Take the lost factor away, or put the new mailbox in the place of the lost one, and end every session.

    The password was checked by the caller, who counts guesses, and is looked at again here: it may have been changed,
    or the account frozen, in between. It is stored anew, which is what ends the sessions. The orders of a lost mailbox
    follow by the event log (`tmam.orders.keep_person_orders`).

    Raises:
        RecoveryNotPossibleError: the password is another by now, it is too early, too late, stopped, or the new address belongs to somebody else by now.
    """
    with transaction.atomic():
        found = RecoveryRequest.objects.select_for_update().filter(pk=request_id).first()
        if found is None:
            raise RecoveryNotPossibleError
        is_time = {"ready_at__lte": now, "ready_at__gt": now - COMPLETE_WITHIN}
        if not _move(found, RecoveryState.COMPLETED, now=now, visit=visit, only_if=is_time, ended_at=now):
            raise RecoveryNotPossibleError
        user = User.objects.select_for_update().get(pk=found.user_id)
        if not user.check_password(password):
            raise RecoveryNotPossibleError
        if found.kind == RecoveryKind.FACTORS:
            Authenticator.objects.filter(user_id=user.pk).delete()
            Phone.objects.filter(user_id=user.pk).delete()
            remove_codes(user.pk)
        else:
            _move_mailbox(user, found)
        user.set_password(password)
        user.save(update_fields=["password"])
        forget_all_devices(user.pk, now=now)
    return found


def _move_mailbox(user: User, found: RecoveryRequest) -> None:
    """The new address is proven (its link came back) and becomes the only main one; the lost one no longer opens anything."""
    if not had_mailbox(user, found.old_email):  # asked before this was looked at, or taken off meanwhile
        raise RecoveryNotPossibleError
    taken = EmailAddress.objects.filter(email__iexact=found.new_email).exclude(user_id=user.pk)
    if taken.exists() or User.objects.filter(email__iexact=found.new_email).exclude(pk=user.pk).exists():
        raise RecoveryNotPossibleError
    EmailAddress.objects.filter(user_id=user.pk, email__iexact=found.old_email).delete()
    EmailAddress.objects.filter(user_id=user.pk).update(primary=False)
    EmailAddress.objects.update_or_create(
        user_id=user.pk, email=found.new_email, defaults={"verified": True, "primary": True}
    )
    user.email = found.new_email
    user.save(update_fields=["email"])


def _move(
    found: RecoveryRequest,
    state: RecoveryState,
    *,
    now: datetime,
    visit: Visit = NOWHERE,
    staff_id: int | None = None,
    reason: str = "",
    only_if: dict[str, Any] | None = None,
    **changes: Any,
) -> bool:
    """Move a request if it may still move that way, and write it down for its owner; false when it may not."""
    if staff_id is not None:
        changes |= {"decided_by": staff_id, "reason": reason}
    with transaction.atomic():
        movable = RecoveryRequest.objects.filter(
            pk=found.pk, state__in=states_before(state), **(only_if or {})
        )
        if not movable.update(state=state, **changes):
            return False
        record(
            found.user_id,
            HAPPENING_OF_STATE[state],
            now=now,
            visit=visit,
            actor=staff_actor(staff_id) if staff_id is not None else "",
            reason=reason,
            details={"request_id": found.pk, "kind": str(found.kind)},
        )
    return True


def announce(now: datetime) -> int:
    """The worker's part: tell owners a day before and when it is time, end what nobody finished; returns how many."""
    from tmam.accounts.recovery_rules import DECIDE_WITHIN, TELL_AHEAD

    approved = RecoveryRequest.objects.filter(state=RecoveryState.APPROVED)
    soon = approved.filter(told_soon_at=None, ready_at__lte=now + TELL_AHEAD, ready_at__gt=now)
    # With a waiting time of less than a day the approval itself was the warning.
    soon = soon.filter(approved_at__lt=F("ready_at") - TELL_AHEAD)
    done = _tell(soon, "told_soon_at", Happening.RECOVERY_SOON, now)
    done += _tell(
        approved.filter(told_ready_at=None, ready_at__lte=now), "told_ready_at", Happening.RECOVERY_READY, now
    )
    for late in (
        *approved.filter(ready_at__lte=now - COMPLETE_WITHIN),
        *RecoveryRequest.objects.filter(state=RecoveryState.ASKED, requested_at__lte=now - DECIDE_WITHIN),
    ):
        done += _move(late, RecoveryState.LAPSED, now=now, ended_at=now, only_if=None)
    unproven = RecoveryRequest.objects.filter(state=RecoveryState.UNPROVEN, begun_at__lt=now - PROVE_WITHIN)
    return done + unproven.delete()[0]


def _tell(waiting: Any, column: str, happening: Happening, now: datetime) -> int:
    told = 0
    for found in waiting:
        with transaction.atomic():
            mine = RecoveryRequest.objects.filter(pk=found.pk, state=RecoveryState.APPROVED, **{column: None})
            if mine.update(**{column: now}):
                details = {"request_id": found.pk, "kind": str(found.kind)}
                record(found.user_id, happening, now=now, actor="system", details=details)
                told += 1
    return told
