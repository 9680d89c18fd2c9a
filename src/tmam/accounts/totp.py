"""Codes of authenticator apps (RFC 6238: SHA-1, 6 digits, 30 seconds, one step of skew), each accepted once."""

from __future__ import annotations

import re
from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from django.db import IntegrityError, transaction

from tmam.accounts.models import TotpUse
from tmam.kernel.typed_codes import typed_digits

PERIOD_S = 30
SKEW_STEPS = 1
CODE = re.compile(r"[0-9]{6}")

new_secret = generate_totp_secret


def matching_counters(secret: str, typed: str, now: datetime) -> list[int]:
    """The time steps around `now` whose code this is, oldest first; nearly always one or none."""
    code = typed_digits(typed)
    if not CODE.fullmatch(code):
        return []
    present = int(now.timestamp()) // PERIOD_S
    return [
        counter
        for counter in range(present - SKEW_STEPS, present + SKEW_STEPS + 1)
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter)))
    ]


def add_app(user_id: int, secret: str, typed: str, *, now: datetime) -> Authenticator | None:
    """Bind an authenticator app that showed this code; None: the code is wrong, or the account has an app already.

    The code counts as used.
    """
    counters = matching_counters(secret, typed, now)
    if not counters:
        return None
    try:
        with transaction.atomic():
            app: Authenticator = Authenticator.objects.create(
                user_id=user_id,
                type=Authenticator.Type.TOTP,
                data={"secret": encrypt(secret)},
                created_at=now,
            )
            TotpUse.objects.create(authenticator=app, last_counter=counters[-1])
    except IntegrityError:
        return None
    return app


def app_of(user_id: int) -> Authenticator | None:
    """The person's authenticator app."""
    found: Authenticator | None = Authenticator.objects.filter(
        user_id=user_id, type=Authenticator.Type.TOTP
    ).first()
    return found


def accept_code(user_id: int, typed: str, *, now: datetime) -> Authenticator | None:
    """Use up a code of the person's app; the app, or None if the code is wrong, was used, or is older than a used one.

    Of two requests with one code in the same moment, one changes the row.
    """
    app = app_of(user_id)
    if app is None:
        return None
    for counter in matching_counters(decrypt(app.data["secret"]), typed, now):
        with transaction.atomic():
            is_fresh = TotpUse.objects.filter(authenticator=app, last_counter__lt=counter).update(
                last_counter=counter
            )
            if is_fresh:
                Authenticator.objects.filter(pk=app.pk).update(last_used_at=now)
                return app
    return None
