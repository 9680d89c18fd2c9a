"""What opened an account when its owner was warned: taken with the alert, gone back to by "this was not me"."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet

from tmam.accounts.models import AlertSnapshot, Phone, SecurityEntry, User

# The alert's link works for a week; the support desk may need longer.
KEPT: Final = timedelta(days=30)


def take_snapshot(entry: SecurityEntry) -> None:
    """Keep how the account stands, in the transaction that writes the alert: before the new browser can do anything."""
    user = User.objects.get(pk=entry.user_id)
    phone = Phone.objects.filter(user_id=user.pk).first()
    AlertSnapshot.objects.create(
        entry=entry,
        user_id=user.pk,
        taken_at=entry.at,
        main_address=user.email,
        addresses=_ids(EmailAddress.objects.filter(user_id=user.pk, verified=True), "email"),
        username=user.username,
        phone=phone.number if phone else "",
        authenticator_ids=_ids(second_factors(user.pk)),
        service_ids=_ids(SocialAccount.objects.filter(user_id=user.pk)),
    )


def second_factors(user_id: int) -> QuerySet[Authenticator]:
    """Apps and keys; recovery codes are counted by their date."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=user_id).exclude(
        type=Authenticator.Type.RECOVERY_CODES
    )
    return found


def snapshot_of(user_id: int, entry_id: int) -> AlertSnapshot | None:
    """How the account stood when this alert was written."""
    return AlertSnapshot.objects.filter(user_id=user_id, entry_id=entry_id).first()


def useless_snapshots(now: datetime) -> QuerySet[AlertSnapshot]:
    """Those that nothing goes back to any more."""
    return AlertSnapshot.objects.filter(taken_at__lt=now - KEPT)


def _ids(rows: QuerySet[EmailAddress], column: str = "pk") -> list[object]:
    return list(rows.order_by("pk").values_list(column, flat=True))
