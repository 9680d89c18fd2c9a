"""What tests of second factors share: people who have them, and signing in with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.cast import PASSWORD, make_user
from tests.signing_in import type_password
from tmam.accounts.models import TotpUse, User
from tmam.accounts.recovery_codes import make_codes
from tmam.accounts.totp import add_app, app_of, new_secret

STEP_UP = "/accounts/reauthenticate/"
SECOND = "/accounts/second-factor/"


@dataclass(frozen=True)
class Protected:
    """A person with an authenticator app and recovery codes."""

    user: User
    secret: str
    codes: list[str]

    def code(self, now: datetime | None = None) -> str:
        """What the app shows, as if the last code had been used long ago."""
        TotpUse.objects.filter(authenticator=app_of(self.user.pk)).update(last_counter=0)
        return pyotp.TOTP(self.secret).at(now or timezone.now())

    def wrong_code(self) -> str:
        """Six digits that the app shows at none of the steps around now."""
        now = timezone.now()
        shown = {pyotp.TOTP(self.secret).at(now + timedelta(seconds=30 * step)) for step in range(-2, 3)}
        return next(
            code for code in ("111111", "222222", "333333", "444444", "555555", "666666") if code not in shown
        )


def make_protected(**fields: object) -> Protected:
    """A person who set an authenticator app up an hour ago."""
    user, secret = make_user(**fields), new_secret()  # type: ignore[arg-type]
    then = timezone.now() - timedelta(hours=1)
    assert add_app(user.pk, secret, pyotp.TOTP(secret).at(then), now=then) is not None
    return Protected(user, secret, make_codes(user.pk, now=then))


def sign_in_with_app(client: Client, person: Protected) -> HttpResponse:
    """Both steps."""
    assert type_password(client, person.user.email).headers["Location"] == SECOND
    return client.post(f"{SECOND}?with=app", {"code": person.code()})


def prove_by_password(client: Client, path: str) -> HttpResponse:
    """Step-up of somebody without a second factor, on the way to a page."""
    return client.post(STEP_UP, {"password": PASSWORD, "next": path})


def age_proofs(client: Client, by: timedelta = timedelta(minutes=6)) -> None:
    """Let the proofs of this session grow old."""
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= by.total_seconds()
    session["account_authentication_methods"] = session["account_authentication_methods"]
    session.save()
