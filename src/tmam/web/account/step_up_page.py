"""`/accounts/reauthenticate/`: the question of `step_up`, and the way on. Stands where allauth's own page would."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from tmam.platform.errors import ForbiddenError
from tmam.web.account.factors.method import Asking
from tmam.web.account.factors.prove import ProofPage, chosen_method, show_proof_page, try_to_prove
from tmam.web.account.factors.registry import ways_to_prove_again
from tmam.web.account.step_up import PURPOSE_WORDS, purpose_of, resume

if TYPE_CHECKING:
    from tmam.accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def step_up_page(request: HttpRequest) -> HttpResponseBase:
    """Ask for a proof, then go to `next`.

    Raises:
        ForbiddenError: the person has nothing left to prove with.
    """
    asking = Asking(request, cast("User", request.user), timezone.now(), is_step_up=True)
    path = _next_path(request)
    methods = ways_to_prove_again(asking.user)
    if not methods:
        raise ForbiddenError
    page = ProofPage(
        "account/reauthenticate.html",
        reverse("account_reauthenticate"),
        {"next": path},
        {"purpose": PURPOSE_WORDS[purpose_of(path)], "next_path": path},
    )
    method = chosen_method(request, methods)
    if request.method != "POST":
        return show_proof_page(asking, page, methods, method)
    if "again" in request.POST:
        method.begin(asking, again=True)
        return redirect(page.address(method))
    attempt = try_to_prove(asking, method, request.POST)
    if attempt.proof is None:
        return show_proof_page(asking, page, methods, method, attempt)
    return resume(request, path)


def _next_path(request: HttpRequest) -> str:
    """The page of ours to go on to; never another site's."""
    path = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else reverse("me_security")
