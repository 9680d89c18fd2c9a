"""One more way to sign in is connected only by whoever proved moments ago that the account is theirs.

allauth would ask after the provider's answer, and not at all where somebody has neither password nor second factor;
and it would keep what is to be connected in the session, so that the next proof, for whatever it is given, connects
it. We ask before anybody leaves for the provider, so nothing is lost, and again when they come back: what comes back
without a proof is dropped.
"""

from __future__ import annotations

import functools
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from tmam.web.account.step_up import Purpose, View, ask_for_proof, has_fresh_proof

CONNECT = "connect"


def proof_before_connecting(view: View) -> View:
    """For the page that leads to the provider: who wants to connect it is asked first, then sent on their way."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        wants_to_connect = request.method == "POST" and request.GET.get("process") == CONNECT
        if wants_to_connect and request.user.is_authenticated and not has_fresh_proof(request):
            return ask_for_proof(request)
        return view(request, *args, **kwargs)

    guarded.step_up_purpose = Purpose.CHANGE_FACTORS  # type: ignore[attr-defined]  # read by `purpose_of`
    return guarded


def require_proof_to_connect(request: HttpRequest, sociallogin: Any) -> None:
    """For the way back.

    Raises:
        ImmediateHttpResponse: to the question; what came back is not kept.
    """
    if sociallogin.state.get("process") != CONNECT or has_fresh_proof(request):
        return
    query = urlencode({"next": reverse("socialaccount_connections")})
    raise ImmediateHttpResponse(redirect(f"{reverse('account_reauthenticate')}?{query}"))
