"""A locked account: nobody signs in to it, but its owner may open it by proving anew who they are."""

from __future__ import annotations

# mypy: disallow-subclassing-any=False
# (allauth ships no type information)
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.stages import LoginStage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.accounts.freezing import may_open, open_freeze, thaw
from tmam.accounts.models import Freeze, User
from tmam.accounts.security_log import visit_of
from tmam.notifications.letters.taken_back import taken_back_words
from tmam.web.account.proofs import BY_PASSWORD_RESET, was_proven

PAGE = "account_frozen"
# The lock that this browser may read about: it came by the link of the alert, or proved an address of the owner.
SESSION_KEY = "freeze_id"


class FrozenStage(LoginStage):
    """The last step of every sign-in: after a reset password, its mailed code and the second factor it thaws."""

    key = "frozen"

    def handle(self) -> tuple[Any, bool]:
        """Open the account, or end the sign-in and say what to do."""
        user = self.login.user
        lock = open_freeze(user.pk) if user is not None else None
        if user is None or lock is None:
            return None, True
        if not _was_reset_by_owner(self.request, user, lock):
            return redirect(PAGE), False
        if lock.needs_staff:
            _drop_password(user)
            tell(self.request, lock)
            return redirect(PAGE), False
        now, by = timezone.now(), f"user:{user.pk}"
        thaw(user.pk, by=by, reason="", now=now, visit=visit_of(self.request))
        return None, True


def stop_stale_reset(request: HttpRequest, user: User) -> HttpResponse | None:
    """End a sign-in by a reset that a thief had half done when the account was locked, before it proves an address anew."""
    lock = open_freeze(user.pk)
    if lock is None or not was_proven(request, user, [BY_PASSWORD_RESET]):
        return None
    if _was_reset_by_owner(request, user, lock):
        return None
    _drop_password(user)
    return redirect(PAGE)


def _was_reset_by_owner(request: HttpRequest, user: User, lock: Freeze) -> bool:
    """Whether this browser has just chosen a new password by a code to an address that was proven before the lock."""
    return was_proven(request, user, [BY_PASSWORD_RESET]) and any(
        record["method"] == BY_PASSWORD_RESET
        and record["at"] >= lock.frozen_at.timestamp()
        and may_open(lock, record.get("email", ""))
        for record in get_authentication_records(request, user)
    )


def _drop_password(user: User) -> None:
    """The account stays locked, so the password that was just chosen must not wait in it."""
    user.set_unusable_password()
    user.save(update_fields=["password"])


def tell(request: HttpRequest, lock: Freeze | None) -> None:
    """Let this browser read on the page what was taken back."""
    if lock is not None:
        request.session[SESSION_KEY] = lock.pk


def lock_words(lock: Freeze | None) -> dict[str, Any]:
    """What the pages say about one lock."""
    if lock is None:
        return {}
    return {"taken_back": taken_back_words(lock.taken_back), "needs_staff": lock.needs_staff}


@require_safe
@never_cache
def frozen_page(request: HttpRequest) -> HttpResponse:
    """What a locked account means and how it opens; the same for everybody who proved nothing."""
    lock = Freeze.objects.filter(pk=request.session.get(SESSION_KEY, 0), thawed_at=None).first()
    return render(request, "account/frozen.html", lock_words(lock))
