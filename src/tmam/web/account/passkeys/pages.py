"""`/accounts/passkeys/`: a person's passkeys and security keys: the list, one more, another name, one less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tmam.accounts.browser_names import browser_name
from tmam.accounts.errors import PasskeyNotAcceptedError
from tmam.accounts.models import Passkey
from tmam.accounts.passkeys.add_passkey import add_passkey, begin_adding
from tmam.accounts.passkeys.change_passkey import keys_of, remove_passkey, rename_passkey
from tmam.accounts.passkeys.relying_party import are_passkeys_possible
from tmam.accounts.security_log import visit_of
from tmam.platform.errors import NotFoundError
from tmam.web.account.factors.changed import go_on_with_factor
from tmam.web.account.factors.method import Proof
from tmam.web.account.passkeys.answers import NameForm, NewKeyForm, browser_of, refusal_words
from tmam.web.account.passkeys.offer import remember_answer
from tmam.web.account.required_factor import must_have_factor
from tmam.web.account.step_up import Purpose, fresh_proof_required

if TYPE_CHECKING:
    from tmam.accounts.models import User


@require_safe
@never_cache
@login_required
def keys_page(request: HttpRequest) -> HttpResponse:
    """All keys, and the ways to add one."""
    context = {
        "keys": keys_of(cast("User", request.user).pk),
        "are_possible": are_passkeys_possible(settings.TMAM),
    }
    return render(request, "account/passkeys/keys.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fresh_proof_required(purpose=Purpose.CHANGE_FACTORS)
def add_passkey_page(request: HttpRequest) -> HttpResponse:
    """A key that is enough to sign in by itself."""
    return _add(request, is_passkey=True)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fresh_proof_required(purpose=Purpose.CHANGE_FACTORS)
def add_security_key_page(request: HttpRequest) -> HttpResponse:
    """A key that is asked for after the password."""
    return _add(request, is_passkey=False)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fresh_proof_required(purpose=Purpose.CHANGE_FACTORS)
def key_page(request: HttpRequest, key_id: int) -> HttpResponse:
    """One key: another name, or its removal (`remove` in the form).

    Raises:
        NotFoundError: it is none of this person's.
        FactorRequiredError: to be removed, but it is the last factor of somebody who must have one.
    """
    user, now = cast("User", request.user), timezone.now()
    key = _own_key(user, key_id)
    if "remove" in request.POST:
        remove_passkey(
            user.pk, key_id, must_keep_factor=must_have_factor(user), visit=visit_of(request), now=now
        )
        messages.success(
            request,
            _("“%(name)s” does not open your account any more. Delete it on the device too.")
            % {"name": key.name},
        )
        return redirect("account_passkeys")
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": key.name})
    if request.method == "POST" and form.is_valid():
        rename_passkey(user.pk, key_id, form.cleaned_data["name"], visit=visit_of(request), now=now)
        return redirect("account_passkeys")
    return render(request, "account/passkeys/key.html", {"key": key, "form": form})


def _add(request: HttpRequest, *, is_passkey: bool) -> HttpResponse:
    user, now = cast("User", request.user), timezone.now()
    initial = {
        "name": browser_name(request.headers.get("User-Agent", "")) if is_passkey else _("Security key")
    }
    form = NewKeyForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            passkey = add_passkey(
                user,
                name=form.cleaned_data["name"],
                **form.answer,
                browser=browser_of(request),
                visit=visit_of(request),
                settings=settings.TMAM,
                now=now,
            )
        except PasskeyNotAcceptedError as error:
            form.add_error(None, refusal_words(error))
        else:
            return _added(request, passkey)
    options, ceremony = begin_adding(
        user, is_passkey=is_passkey, browser=browser_of(request), settings=settings.TMAM, now=now
    )
    context: dict[str, Any] = {
        "form": form,
        "is_passkey": is_passkey,
        "passkey_options": {"options": options, "ceremony": ceremony},
    }
    template = "account/passkeys/add_passkey.html" if is_passkey else "account/passkeys/add_security_key.html"
    return render(request, template, context)


def _added(request: HttpRequest, passkey: Passkey) -> HttpResponse:
    messages.success(
        request,
        _("Done. Next time you sign in without a password.")
        if passkey.is_passkey
        else _("Done. After your password, we ask for this key."),
    )
    response = go_on_with_factor(
        request, Proof("webauthn", authenticator_id=passkey.pk), usual="account_passkeys", now=timezone.now()
    )
    if passkey.is_passkey:
        remember_answer(response)
    return response


def _own_key(user: User, key_id: int) -> Passkey:
    found = next((key for key in keys_of(user.pk) if key.pk == key_id), None)
    if found is None:
        raise NotFoundError
    return found
