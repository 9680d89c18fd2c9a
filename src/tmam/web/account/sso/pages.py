"""The way to a provider and back, and connecting what comes back to an account that exists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import requests
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect import views
from django.contrib import messages
from django.core.exceptions import DisallowedRedirect
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tmam.accounts.errors import SignInServiceError
from tmam.platform.errors import NotFoundError
from tmam.web.account.sso.leaving import leave
from tmam.web.account.sso.pending import forget_pending, pending_login
from tmam.web.account.sso.proof_first import proof_before_connecting
from tmam.web.account.sso.providers import provider_named, provider_of_login
from tmam.web.account.step_up import Purpose, fresh_proof_required
from tmam.web.sent_from import sent_from

# What a provider that is down, misconfigured or hostile makes of an answer that should be a JSON object.
_UNUSABLE_ANSWER = (
    requests.RequestException,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    DisallowedRedirect,
)
# What a link to our start page may say. allauth would also take scopes and parameters for the provider from it.
_START_PARAMETERS = ("process", "next")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proof_before_connecting
def start_page(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """GET: what is about to happen (a team's address to share). POST: off to the provider.

    Raises:
        NotFoundError: no such provider. SignInServiceError: it cannot be reached.
    """
    provider = provider_named(provider_id)
    kept = QueryDict(mutable=True)
    kept.update({name: request.GET[name] for name in _START_PARAMETERS if name in request.GET})
    request.GET = kept  # type: ignore[assignment]  # a part of the same
    answer = _through(views.login, request, provider_id)
    return answer if provider is None else leave(request, answer, provider.name)


@never_cache
@require_http_methods(["GET", "HEAD"])
def callback_page(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the provider.

    Raises:
        NotFoundError: no such provider. SignInServiceError: what it answered proves nothing.
    """
    return _through(views.callback, request, provider_id)


@never_cache
@require_http_methods(["GET", "HEAD"])
def connect_page(request: HttpRequest) -> HttpResponseBase:
    """The provider's address has an account here: sign in to it once, then the two are one."""
    waiting = pending_login(request, timezone.now())
    if waiting is None:
        return redirect("account_login")
    context = {
        "service": provider_of_login(waiting).name,
        "email": next((address.email for address in waiting.email_addresses if address.verified), ""),
    }
    return render(request, "socialaccount/connect.html", context)


@never_cache
@sent_from("sso_connect")
@fresh_proof_required(purpose=Purpose.CHANGE_FACTORS)
def connect(request: HttpRequest) -> HttpResponseBase:
    """Connect what waits to the account that is signed in."""
    waiting = pending_login(request, timezone.now())
    forget_pending(request)
    if waiting is None:
        return redirect("me_account")
    account = waiting.account
    if SocialAccount.objects.filter(provider=account.provider, uid=account.uid).exists():
        messages.error(request, _("That sign-in belongs to another account already."))
    else:
        waiting.connect(request, request.user)
        messages.success(request, _("Done. Next time you can sign in with it."))
    return redirect("socialaccount_connections")


def _through(view: Callable[..., Any], request: HttpRequest, provider_id: str) -> HttpResponseBase:
    provider = provider_named(provider_id)
    if provider is None:
        raise NotFoundError
    try:
        answer: HttpResponseBase = view(request, provider_id)
    except Http404:
        raise NotFoundError from None
    except _UNUSABLE_ANSWER:
        raise SignInServiceError(service=provider.name) from None
    return answer
