"""`/accounts/second-factor/`: the second step of signing in."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tmam.accounts.factors import has_second_factor
from tmam.web.account.factors.method import Asking
from tmam.web.account.factors.prove import ProofPage, chosen_method, show_proof_page, try_to_prove
from tmam.web.account.factors.registry import factors_of
from tmam.web.account.factors.stage import SecondFactorStage


@require_http_methods(["GET", "HEAD", "POST"])
@login_stage_required(stage=SecondFactorStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def second_factor_page(request: HttpRequest) -> HttpResponseBase:
    """Ask for a factor: the strongest first, `?with=` for another."""
    stage: Any = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001  # where allauth's decorator leaves it
    asking = Asking(request, stage.login.user, timezone.now(), is_step_up=False)
    methods = factors_of(asking.user)
    if not has_second_factor(asking.user.pk):  # removed in another browser meanwhile
        return stage.exit()  # type: ignore[no-any-return]
    page = ProofPage("account/factors/second_factor.html", reverse("account_second_factor"))
    method = chosen_method(request, methods)
    if request.method != "POST":
        return show_proof_page(asking, page, methods, method)
    if "cancel" in request.POST:
        return stage.abort()  # type: ignore[no-any-return]
    if "again" in request.POST:
        method.begin(asking, again=True)
        return redirect(page.address(method))
    attempt = try_to_prove(asking, method, request.POST)
    if attempt.proof is not None:
        return stage.exit()  # type: ignore[no-any-return]
    return show_proof_page(asking, page, methods, method, attempt)
