"""The code for a new device: made, mailed, compared. Three wrong ones end the sign-in; it lives for 15 minutes."""

from __future__ import annotations

# mypy: disallow-subclassing-any=False
# (allauth ships no type information)
import hashlib
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import clear_login, stash_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language

from tmam.accounts.errors import TooManyDeviceCodesError
from tmam.accounts.guesses import GuessScope, claim_guess, forget_guesses
from tmam.accounts.happenings import Happening
from tmam.accounts.security_log import record, visit_of
from tmam.notifications.compose import ACCOUNT_PREFIX
from tmam.notifications.queue_mail import queue_mail
from tmam.web.account.proofs import BY_NEW_DEVICE_CODE

MOST_WRONG = 3
MOST_RESENT = 2
CODE_LIVES_S = 15 * 60
# Whoever knows a password could have codes sent, and guess three times at each, without end: at most so many.
MAILS_PER_HOUR = 6


class NewDeviceCode(AbstractCodeVerificationProcess):
    """allauth's machinery for typed codes, on a sign-in that waits."""

    def __init__(self, stage: Any) -> None:
        self.stage = stage
        self.request: HttpRequest = stage.request
        super().__init__(
            state=stage.state, timeout=CODE_LIVES_S, max_attempts=MOST_WRONG, user=stage.login.user
        )

    @classmethod
    def initiate(cls, stage: Any) -> NewDeviceCode:
        """Mail a code and let the sign-in wait for it.

        Raises:
            TooManyDeviceCodesError: this account had all its mails of the hour.
        """
        stage.state.update(cls.initial_state(user=stage.login.user, email=stage.login.user.email))
        process = cls(stage)
        process.send()
        process.persist()
        return process

    @classmethod
    def resume(cls, stage: Any) -> NewDeviceCode | None:
        """The code that this sign-in waits for; None when it is too old, and the sign-in with it."""
        found: NewDeviceCode | None = cls(stage).abort_if_invalid() if stage.state.get("code") else None
        return found

    def send(self) -> None:
        """Make a code and mail it."""
        now = timezone.now()
        user = self.stage.login.user
        code = self.state["code"] = get_adapter().generate_login_code()
        person = hashlib.sha256(f"new-device:{user.pk}".encode()).hexdigest()[:24]
        # The unique causes are the limit: no count that two requests could read at the same time.
        queued = any(
            queue_mail(
                cause=f"new-device:{person}:{now:%Y-%m-%dT%H}:{slot}",
                template=f"{ACCOUNT_PREFIX}new_device_code",
                to=self.state["email"],
                language=user.language or get_language() or "en",
                context={"code": code, "network": visit_of(self.request).network, **_said_by(self.request)},
                now=now,
            )
            is not None
            for slot in range(MAILS_PER_HOUR)
        )
        if not queued:
            clear_login(self.request)
            raise TooManyDeviceCodesError

    @property
    def shown_address(self) -> str:
        """Where the code went; only hinted at to who did not type it to sign in."""
        email = str(self.state["email"])
        if (self.stage.login.email or "").lower() == email.lower():
            return email
        name, _, domain = email.rpartition("@")
        return f"{name[:1]}…@{domain}"

    def claim_try(self) -> None:
        """Take one of the account's tries before the code is looked at: sessions and moments share one count.

        Raises:
            TooManyCodesError: none is left.
        """
        user_id, now = self.stage.login.user.pk, timezone.now()
        guess = claim_guess(user_id, GuessScope.STRANGERS, now=now)
        if guess.pauses_until is not None:
            record(
                user_id,
                Happening.CODES_PAUSED,
                now=now,
                visit=visit_of(self.request),
                details={"until": guess.pauses_until.isoformat(), "scope": GuessScope.STRANGERS},
            )

    def persist(self) -> None:
        stash_login(self.request, self.stage.login)

    def abort(self) -> None:
        clear_login(self.request)

    def record_invalid_attempt(self) -> bool:
        """Count a wrong code; False when the sign-in is over, which goes on record."""
        has_more: bool = super().record_invalid_attempt()
        if not has_more:
            user_id = self.stage.login.user.pk
            record(
                user_id,
                Happening.DEVICE_CODE_REFUSED,
                now=timezone.now(),
                visit=visit_of(self.request),
                actor="visitor",
            )
        return has_more

    @property
    def can_resend(self) -> bool:
        return not self.is_resend_quota_reached(MOST_RESENT)

    def resend(self) -> None:
        """Mail another code; the one before no longer works."""
        self.send()
        self.record_resend()
        self.state["at"] = timezone.now().timestamp()
        self.persist()

    def finish(self) -> HttpResponseBase:
        """The code was right: go on with the sign-in."""
        user = self.stage.login.user
        forget_guesses(user.pk, GuessScope.STRANGERS)
        record_authentication(self.request, user, method=BY_NEW_DEVICE_CODE)
        response: HttpResponseBase = self.stage.exit()
        return response


def _said_by(request: HttpRequest) -> dict[str, str]:
    visit = visit_of(request)
    return {"browser": visit.browser, "place": visit.place}
