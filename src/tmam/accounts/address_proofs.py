"""What follows from a proof that somebody reads an account's mail: a new password by mailed code, a sign-in by one.

The first such proof ends what was there before it. Somebody may have signed up with an address of another person, by a
password or through a sign-in service, and wait until its owner comes (pre-hijacking). Whoever reads the mail is the
owner. A code typed in the sign-up itself is no such proof: who types it has the password or the service, too.
"""

from __future__ import annotations

from allauth.account import signals
from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from tmam.accounts.lockout import forgive
from tmam.accounts.models import User


def connect() -> None:
    """Listen to allauth from now on; called once, when the app is ready."""
    signals.password_reset.connect(_forgive, dispatch_uid="tmam.forgive_after_reset")
    signals.authentication_step_completed.connect(
        _signed_in_by_code, dispatch_uid="tmam.drop_unproven_password"
    )
    signals.email_confirmed.connect(_address_proven, dispatch_uid="tmam.drop_unproven_after_reset_code")


def _forgive(*, user: User, **details: object) -> None:
    """A new password: what was guessed at is gone, and the owner may be in a hurry."""
    del details
    forgive(user.pk, timezone.now())


def _signed_in_by_code(*, method: str, user: User, **details: object) -> None:
    """Before allauth marks the address as proven."""
    del details
    if method == "code" and not EmailAddress.objects.filter(user_id=user.pk, verified=True).exists():
        _drop_what_a_stranger_made(user)


def _address_proven(*, request: HttpRequest, email_address: EmailAddress, **details: object) -> None:
    """After it was marked: was it by the code for a new password, and is it the account's first?"""
    del details
    asked = request.session.get(PASSWORD_RESET_VERIFICATION_SESSION_KEY) or {}
    is_by_reset = asked.get("code_confirmed") and asked.get("user_id") == user_id_to_str(email_address.user)
    proven = EmailAddress.objects.filter(user_id=email_address.user_id, verified=True)
    if is_by_reset and not proven.exclude(pk=email_address.pk).exists():
        _drop_what_a_stranger_made(email_address.user)


def _drop_what_a_stranger_made(user: User) -> None:
    with transaction.atomic():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        SocialAccount.objects.filter(user_id=user.pk).delete()
