"""A person's keys: listed, given another name, removed."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

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


def remove_passkey(user_id: int, passkey_id: int, *, visit: Visit, now: datetime) -> Authenticator | None:
    """Forget one of the person's keys; None when it is none of theirs."""
    with transaction.atomic():
        key = _locked(user_id, passkey_id)
        if key is None:
            return None
        record(user_id, Happening.PASSKEY_REMOVED, now=now, visit=visit, details={"authenticator_id": key.pk})
        Authenticator.objects.filter(pk=key.pk).delete()
    return key


def _locked(user_id: int, passkey_id: int) -> Authenticator | None:
    found: Authenticator | None = (
        Authenticator.objects.select_for_update()
        .filter(pk=passkey_id, user_id=user_id, type=Authenticator.Type.WEBAUTHN)
        .first()
    )
    return found
