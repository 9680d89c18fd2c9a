"""What follows from a proof that somebody reads an account's mail: a new password by mailed code, a sign-in by one."""

from __future__ import annotations

from allauth.account import signals
from allauth.account.models import EmailAddress
from django.utils import timezone

from tmam.accounts.lockout import forgive
from tmam.accounts.models import User


def connect() -> None:
    """Listen to allauth from now on; called once, when the app is ready."""
    signals.password_reset.connect(_forgive, dispatch_uid="tmam.forgive_after_reset")
    signals.authentication_step_completed.connect(
        _drop_password_of_a_stranger, dispatch_uid="tmam.drop_unproven_password"
    )


def _forgive(*, user: User, **details: object) -> None:
    """A new password: what was guessed at is gone, and the owner may be in a hurry."""
    del details
    forgive(user.pk, timezone.now())


def _drop_password_of_a_stranger(*, method: str, user: User, **details: object) -> None:
    """The first proof of an address by a sign-in code ends the password that was set before any proof.

    Somebody may have signed up with an address of another person and waits with the password until its owner
    comes (pre-hijacking). Whoever reads the mail is the owner; they choose a password of their own if they want one.
    """
    del details
    if method != "code" or EmailAddress.objects.filter(user_id=user.pk, verified=True).exists():
        return
    user.set_unusable_password()
    user.save(update_fields=["password"])
