"""The step of every sign-in that asks whoever has a second factor for it; stands where allauth's own would."""

from __future__ import annotations

# mypy: disallow-subclassing-any=False
# (allauth ships no type information)
from allauth.account.stages import LoginStage
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from django.http import HttpResponse
from django.shortcuts import redirect

from tmam.accounts.factors import has_second_factor
from tmam.web.account.proofs import BY_PASSWORD_RESET, BY_SECOND_FACTOR, was_proven


class SecondFactorStage(LoginStage):
    """Holds a sign-in until the second factor is given. A passkey that verified its user was both factors already."""

    key = "second_factor"
    urlname = "account_second_factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """(where to go first, whether the sign-in goes on afterwards)."""
        user = self.login.user
        if user is None or not has_second_factor(user.pk) or did_use_passwordless_login(self.request, user):
            return None, True
        if all(was_proven(self.request, user, [way]) for way in (BY_PASSWORD_RESET, BY_SECOND_FACTOR)):
            return None, True  # given a moment ago, before the new password
        return redirect(self.urlname), True
