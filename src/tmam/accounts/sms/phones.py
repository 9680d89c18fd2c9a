"""A person's number: set once it is proven, used, removed."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from tmam.accounts.factors import remove_factor
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Phone
from tmam.accounts.security_log import Visit, record
from tmam.accounts.sms.codes import check_code
from tmam.accounts.sms.numbers import LAST_DIGITS


def phone_of(user_id: int) -> Phone | None:
    """The number that this person has proven, if any."""
    return Phone.objects.filter(user_id=user_id).first()


def confirm_phone(
    user_id: int, code_id: uuid.UUID, typed: str, *, visit: Visit, now: datetime
) -> Phone | None:
    """Make the number that the code went to the person's, in place of an earlier one; None: not that code."""
    with transaction.atomic():
        code = check_code(code_id, typed, user_id=user_id, purpose="add", now=now)
        if code is None:
            return None
        phone, _ = Phone.objects.update_or_create(
            user_id=user_id, defaults={"number": code.number, "added_at": now, "last_used_at": None}
        )
        record(
            user_id, Happening.PHONE_ADDED, now=now, visit=visit, details={"ends_in": _end_of(phone.number)}
        )
    return phone


def prove_by_phone(user_id: int, code_id: uuid.UUID, typed: str, *, now: datetime) -> bool:
    """Whether what was typed is the code that went to the person's present number."""
    code = check_code(code_id, typed, user_id=user_id, purpose="prove", now=now)
    if code is None:
        return False
    return bool(Phone.objects.filter(user_id=user_id, number=code.number).update(last_used_at=now))


def remove_phone(user_id: int, *, must_keep_factor: bool, visit: Visit, now: datetime) -> bool:
    """Forget the person's number; False when there was none.

    Raises:
        FactorRequiredError: it is their last factor, and they must have one.
    """
    with transaction.atomic():
        phone = Phone.objects.select_for_update().filter(user_id=user_id).first()
        if phone is None:
            return False
        ends_in = _end_of(phone.number)
        remove_factor(user_id, phone.delete, must_keep_one=must_keep_factor)
        record(user_id, Happening.PHONE_REMOVED, now=now, visit=visit, details={"ends_in": ends_in})
    return True


def _end_of(number: str) -> str:
    return number[-LAST_DIGITS:]
