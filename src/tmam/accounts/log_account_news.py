"""What allauth does to accounts, written to the security log: sign-ups, sign-ins, changed passwords, proven addresses.

allauth announces these by signals; each becomes one `security_log.record`.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.account import signals
from django.contrib.auth.signals import user_logged_out
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone

from tmam.accounts.happenings import Happening
from tmam.accounts.models import User
from tmam.accounts.security_log import record, visit_of

HAPPENING_OF_SIGNAL: dict[Happening, Signal] = {
    Happening.JOINED: signals.user_signed_up,
    Happening.SIGNED_IN: signals.user_logged_in,
    Happening.SIGNED_OUT: user_logged_out,
    Happening.PASSWORD_CHANGED: signals.password_changed,
    Happening.PASSWORD_SET: signals.password_set,
    Happening.PASSWORD_RESET: signals.password_reset,
    Happening.ADDRESS_ADDED: signals.email_added,
    Happening.ADDRESS_REMOVED: signals.email_removed,
    Happening.ADDRESS_MADE_MAIN: signals.email_changed,
}


def connect() -> None:
    """Listen to allauth from now on; called once, when the app is ready."""
    for happening, signal in HAPPENING_OF_SIGNAL.items():
        signal.connect(_receiver(happening), weak=False, dispatch_uid=happening.value)
    signals.email_confirmed.connect(_address_confirmed, dispatch_uid=Happening.ADDRESS_CONFIRMED.value)


def _receiver(happening: Happening) -> Callable[..., None]:
    def write_down(*, request: HttpRequest, user: User | None, **details: object) -> None:
        del details
        if user is not None:  # a visitor who was not signed in may sign out
            record(user.pk, happening, now=timezone.now(), visit=visit_of(request))

    return write_down


def _address_confirmed(*, request: HttpRequest, email_address: object, **details: object) -> None:
    del details
    user_id = getattr(email_address, "user_id", None)
    if user_id is not None:
        record(user_id, Happening.ADDRESS_CONFIRMED, now=timezone.now(), visit=visit_of(request))
