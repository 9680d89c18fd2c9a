"""What happens to accounts, told to the event log: sign-ups, sign-ins, changed passwords, proven addresses.

allauth announces these by signals; each becomes a fact of no single event (`event_id` 0). Facts carry the
person's number and never an address or a secret.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.account import signals
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone

from tmam.accounts.models import User
from tmam.platform.event_log import NO_EVENT, Fact, log_facts
from tmam.platform.statements import run_verb

FACT_OF_SIGNAL: dict[str, Signal] = {
    "account.joined": signals.user_signed_up,
    "account.signed_in": signals.user_logged_in,
    "account.password_changed": signals.password_changed,
    "account.password_set": signals.password_set,
    "account.password_reset": signals.password_reset,
    "account.address_added": signals.email_added,
    "account.address_removed": signals.email_removed,
    "account.address_made_main": signals.email_changed,
}


def connect() -> None:
    """Listen to allauth from now on; called once, when the app is ready."""
    for name, signal in FACT_OF_SIGNAL.items():
        signal.connect(_receiver(name), weak=False, dispatch_uid=name)
    signals.email_confirmed.connect(_address_confirmed, dispatch_uid="account.address_confirmed")


def _receiver(name: str) -> Callable[..., None]:
    def log_fact(*, request: HttpRequest, user: User, **details: object) -> None:
        del details
        _log(name, request, user.pk)

    return log_fact


def _address_confirmed(*, request: HttpRequest, email_address: object, **details: object) -> None:
    del details
    _log("account.address_confirmed", request, getattr(email_address, "user_id", 0))


def _log(name: str, request: HttpRequest, user_id: int) -> None:
    fact = Fact(
        name,
        timezone.now(),
        f"user:{user_id}",
        {"user_id": user_id},
        request.META.get("tmam.request_id", ""),
    )
    run_verb(log_facts(NO_EVENT, [fact]))
