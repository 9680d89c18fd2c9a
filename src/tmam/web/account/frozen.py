"""A locked account: nobody signs in to it, but its owner may open it by proving anew who they are."""

from __future__ import annotations

# mypy: disallow-subclassing-any=False
# (allauth ships no type information)
from typing import Any

from allauth.account.stages import LoginStage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.accounts.freezing import is_frozen, thaw
from tmam.accounts.security_log import visit_of
from tmam.web.account.proofs import BY_PASSWORD_RESET, was_proven

PAGE = "account_frozen"


class FrozenStage(LoginStage):
    """The last step of every sign-in: after a reset password, its mailed code and the second factor it thaws."""

    key = "frozen"

    def handle(self) -> tuple[Any, bool]:
        """Open the account, or end the sign-in and say what to do."""
        user = self.login.user
        if user is None or not is_frozen(user.pk):
            return None, True
        if not was_proven(self.request, user, [BY_PASSWORD_RESET]):
            return redirect(PAGE), False
        now, by = timezone.now(), f"user:{user.pk}"
        thaw(user.pk, by=by, reason="", now=now, visit=visit_of(self.request))
        return None, True


@require_safe
@never_cache
def frozen_page(request: HttpRequest) -> HttpResponse:
    """What a locked account means and how it opens; the same for everybody who asks."""
    return render(request, "account/frozen.html")
