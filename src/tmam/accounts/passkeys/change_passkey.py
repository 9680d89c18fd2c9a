"""A person's keys: listed, given another name, removed."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from tmam.accounts.factors import remove_factor
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Passkey
from tmam.accounts.passkeys.add_passkey import NAME_LENGTH
from tmam.accounts.security_log import Visit, record


def keys_of(user_id: int) -> list[Passkey]:
    """A person's keys: passkeys first, then by age."""
    return list(
        Passkey.objects.select_related("authenticator")
        .filter(authenticator__user_id=user_id)
        .order_by("-is_passkey", "authenticator__created_at")
    )


def rename_passkey(user_id: int, passkey_id: int, name: str, *, visit: Visit, now: datetime) -> bool:
    """Call one of the person's keys by another name; False when it is none of theirs."""
    with transaction.atomic():
        key = _locked(user_id, passkey_id)
        if key is None:
            return False
        key.data["name"] = name.strip()[:NAME_LENGTH]
        key.save(update_fields=["data"])
        record(user_id, Happening.PASSKEY_RENAMED, now=now, visit=visit, details={"authenticator_id": key.pk})
    return True


def remove_passkey(
    user_id: int, passkey_id: int, *, must_keep_factor: bool, visit: Visit, now: datetime
) -> bool:
    """Forget one of the person's keys; False when it is none of theirs.

    Raises:
        FactorRequiredError: it is their last factor, and they must have one.
    """

    def delete() -> None:
        Authenticator.objects.filter(pk=passkey_id, user_id=user_id).delete()

    with transaction.atomic():
        key = _locked(user_id, passkey_id)
        if key is None:
            return False
        details = {"authenticator_id": passkey_id, "is_passkey": key.passkey.is_passkey}
        remove_factor(user_id, delete, must_keep_one=must_keep_factor)
        record(user_id, Happening.PASSKEY_REMOVED, now=now, visit=visit, details=details)
    return True


def _locked(user_id: int, passkey_id: int) -> Authenticator | None:
    found: Authenticator | None = (
        Authenticator.objects.select_for_update()
        .filter(pk=passkey_id, user_id=user_id, type=Authenticator.Type.WEBAUTHN)
        .first()
    )
    return found
