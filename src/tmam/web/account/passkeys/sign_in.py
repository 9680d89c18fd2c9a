"""Signing in with a passkey alone: the challenge, and the answer."""

from __future__ import annotations

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tmam.accounts.errors import PasskeyNotAcceptedError
from tmam.accounts.passkeys.prove_by_passkey import begin_proof, prove_by_passkey
from tmam.accounts.security_log import visit_of
from tmam.web.account.passkeys.answers import AnswerForm, browser_of, first_error, refusal_words
from tmam.web.account.passkeys.offer import remember_answer


@require_POST
@never_cache
def sign_in_options(request: HttpRequest) -> HttpResponse:
    """A fresh challenge for whoever owns a passkey. Says nothing about anybody, and writes nothing down."""
    options, ceremony = begin_proof(
        None, browser=browser_of(request), settings=settings.TMAM, now=timezone.now()
    )
    return JsonResponse({"options": options, "ceremony": ceremony})


@require_POST
@never_cache
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Sign in whoever owns the passkey that answered; the rest of a sign-in (new devices …) follows as always."""
    next_path = get_next_redirect_url(request)
    if request.user.is_authenticated:
        return redirect(next_path or settings.LOGIN_REDIRECT_URL)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _back(request, first_error(form), next_path)
    try:
        passkey = prove_by_passkey(
            None,
            **form.answer,
            browser=browser_of(request),
            visit=visit_of(request),
            settings=settings.TMAM,
            now=timezone.now(),
        )
    except PasskeyNotAcceptedError as error:
        return _back(request, refusal_words(error), next_path)
    login = Login(user=passkey.authenticator.user, redirect_url=next_path)
    response: HttpResponseBase = perform_passwordless_login(request, passkey.authenticator, login)
    remember_answer(response)
    return response


def _back(request: HttpRequest, words: str, next_path: str | None) -> HttpResponse:
    messages.error(request, words)
    query = f"?{urlencode({'next': next_path})}" if next_path else ""
    return redirect(reverse("account_login") + query)
