"""The first and the last step of a sign-in: what it rests on must be the same at both.

A sign-in waits in its session for half an hour at a step in between. Meanwhile the password may have been changed, or
a second factor set up, by somebody who wants to keep others out: then it ends, and is started again.
"""

from __future__ import annotations

# mypy: disallow-subclassing-any=False
# (allauth ships no type information)
from typing import Any

from allauth.account.stages import LoginStage
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from tmam.accounts.factors import has_second_factor
from tmam.accounts.models import User
from tmam.web.account.proofs import BY_SECOND_FACTOR, was_proven

RESTS_ON = "rests_on"


class BeginStage(LoginStage):
    """Notes the password that a sign-in begins with, as a keyed hash of its hash (Django's, of sessions)."""

    key = "begin"

    def handle(self) -> tuple[Any, bool]:
        """Nothing to be seen."""
        if self.login.user is not None:
            self.state.setdefault(RESTS_ON, self.login.user.get_session_auth_hash())
        return None, True


class StillValidStage(LoginStage):
    """Ends a sign-in that was overtaken."""

    key = "still_valid"

    def handle(self) -> tuple[Any, bool]:
        """Go on, or start again."""
        if self.login.user is None or self._is_still_valid():
            return None, True
        messages.error(
            self.request, _("Your account was changed while you were signing in. Please start again.")
        )
        return redirect("account_login"), False

    def _is_still_valid(self) -> bool:
        # Read anew: what this request found at its beginning may be old by now.
        user = User.objects.filter(pk=self.login.user.pk, is_active=True).first()
        if user is None:
            return False
        began_with = self.controller.state.get(BeginStage.key, {}).get("data", {}).get(RESTS_ON, "")
        is_same = constant_time_compare(began_with, user.get_session_auth_hash())
        return is_same and (not has_second_factor(user.pk) or _gave_a_second_factor(self.request, user))


def _gave_a_second_factor(request: HttpRequest, user: User) -> bool:
    return was_proven(request, user, [BY_SECOND_FACTOR]) or did_use_passwordless_login(request, user)
