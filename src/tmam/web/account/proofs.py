"""What was proven in a sign-in that is still under way: the new-device step and thawing ask."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from tmam.accounts.models import User

BY_SECOND_FACTOR = "mfa"
BY_MAILED_CODE = "code"
BY_PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a way, no password
BY_PROVEN_ADDRESS = "address_proven"
BY_NEW_DEVICE_CODE = "new_device_code"


def was_proven(request: HttpRequest, user: User, methods: Iterable[str]) -> bool:
    """Whether this browser has just proven, in one of these ways, that the account is its person's."""
    oldest = timezone.now().timestamp() - settings.ACCOUNT_LOGIN_TIMEOUT
    wanted = set(methods)
    return any(
        record["method"] in wanted and record["at"] > oldest
        for record in get_authentication_records(request, user)
    )


def connect() -> None:
    """Count a mailed code that proved an address as the proof it is; called once, when the app is ready."""
    email_confirmed.connect(_address_proven, dispatch_uid="tmam.address_proven")


def _address_proven(*, request: HttpRequest, email_address: EmailAddress, **details: object) -> None:
    """At sign-in only: a proven further address of a signed-in person is no step-up, and only the main one counts."""
    del details
    user = email_address.user
    if not request.user.is_authenticated and email_address.email.lower() == user.email.lower():
        record_authentication(request, user, method=BY_PROVEN_ADDRESS)
