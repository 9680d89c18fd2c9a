"""A forgotten password, after the mailed code: whoever has a second factor gives it before the new password is stored.

Asking only afterwards, at the sign-in, would let a mailbox alone replace the password, and the password counts where
staff help with signing in.
"""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.internal.flows.password_reset_by_code import PasswordResetVerificationProcess
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from tmam.accounts.factors import has_second_factor
from tmam.accounts.models import User
from tmam.web.account.factors.method import Asking
from tmam.web.account.factors.prove import ProofPage, chosen_method, show_proof_page, try_to_prove
from tmam.web.account.factors.registry import factors_of
from tmam.web.account.proofs import BY_SECOND_FACTOR, was_proven

FORM, QUESTION = "account_complete_password_reset", "account_reset_factor"


def new_password_page(request: HttpRequest) -> HttpResponseBase:
    """The form for the new password, which is allauth's, once the factor is given."""
    user = _who_may_choose(request)
    if user is not None and _is_factor_missing(request, user):
        return redirect(_address(QUESTION, request))
    answer: HttpResponseBase = allauth_views.complete_password_reset(request)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def reset_factor_page(request: HttpRequest) -> HttpResponseBase:
    """Ask for a factor: the strongest first, `?with=` for another."""
    user = _who_may_choose(request)
    if user is None or not _is_factor_missing(request, user):
        return redirect(_address(FORM, request))
    asking = Asking(request, user, timezone.now(), is_step_up=False)
    methods = factors_of(user)
    page = ProofPage("account/factors/reset_factor.html", reverse(QUESTION), _carried(request))
    method = chosen_method(request, methods)
    if request.method != "POST":
        return show_proof_page(asking, page, methods, method)
    if "again" in request.POST:
        method.begin(asking, again=True)
        return redirect(page.address(method))
    attempt = try_to_prove(asking, method, request.POST)
    if attempt.proof is not None:
        return redirect(_address(FORM, request))
    return show_proof_page(asking, page, methods, method, attempt)


def _who_may_choose(request: HttpRequest) -> User | None:
    """Whose mailed code was right, in this browser and not long ago."""
    process: Any = PasswordResetVerificationProcess.resume(request)
    if process is None or not process.state.get("code_confirmed"):
        return None
    user: User | None = process.user
    return user


def _is_factor_missing(request: HttpRequest, user: User) -> bool:
    return has_second_factor(user.pk) and not was_proven(request, user, [BY_SECOND_FACTOR])


def _carried(request: HttpRequest) -> dict[str, str]:
    return {"next": request.GET["next"]} if "next" in request.GET else {}


def _address(name: str, request: HttpRequest) -> str:
    carried = _carried(request)
    return reverse(name) + (f"?{urlencode(carried)}" if carried else "")
