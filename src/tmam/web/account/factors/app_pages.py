"""Setting up an authenticator app (picture or typed key, then one code), and removing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from allauth.mfa.adapter import get_adapter
from cryptography.fernet import InvalidToken
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tmam.accounts.totp import add_app, app_of, new_secret
from tmam.delivery.qr import qr_svg
from tmam.platform.keys import decrypt, encrypt
from tmam.web.account.factors.app import KIND, AppMethod
from tmam.web.account.factors.changed import factor_added, take_factor_away
from tmam.web.account.factors.method import Proof
from tmam.web.account.step_up import Purpose, fresh_proof_required

if TYPE_CHECKING:
    from tmam.accounts.models import User

SECRET = "app_secret"  # noqa: S105  # where the session keeps it, encrypted, until the first code came
GROUP = 4


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fresh_proof_required(purpose=Purpose.CHANGE_FACTORS)
def set_up_app(request: HttpRequest) -> HttpResponse:
    """Show the key, take one code. A wrong code keeps the key, so nobody has to scan again."""
    user = cast("User", request.user)
    if app_of(user.pk) is not None:
        return redirect("me_security")
    secret = _kept_secret(request)
    form = AppMethod().form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        app = add_app(user.pk, secret, form.cleaned_data["code"], now=now)
        if app is not None:
            request.session.pop(SECRET, None)
            messages.success(request, _("Your authenticator app is set up."))
            return factor_added(request, Proof(KIND, authenticator_id=app.pk), now=now)
        form.add_error(
            "code",
            _(
                "That is not the code of this key. Check that your phone's clock is right, then type the newest."
            ),
        )
    address = get_adapter().build_totp_url(user, secret)
    context = {
        "form": form,
        "key": " ".join(secret[at : at + GROUP] for at in range(0, len(secret), GROUP)),
        "address": address,
        "picture": _picture(address),
    }
    return render(request, "account/factors/app_set_up.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fresh_proof_required(purpose=Purpose.CHANGE_FACTORS)
def remove_app(request: HttpRequest) -> HttpResponse:
    """Ask once, then let go of the app.

    Raises:
        FactorRequiredError: it is the last factor of somebody who must have one.
    """
    app = app_of(cast("User", request.user).pk)
    if app is None:
        return redirect("me_security")
    if request.method != "POST":
        return render(request, "account/factors/app_remove.html")
    take_factor_away(request, KIND, app.delete, now=timezone.now())
    messages.success(request, _("The authenticator app is removed. Delete its entry on your phone too."))
    return redirect("me_security")


def _kept_secret(request: HttpRequest) -> str:
    """The key being set up, the same until it is confirmed."""
    kept = request.session.get(SECRET)
    if kept is not None:
        try:
            return decrypt(kept.encode()).decode()
        except InvalidToken:
            pass  # the master keys were changed meanwhile
    secret: str = new_secret()
    request.session[SECRET] = encrypt(secret.encode()).decode()
    return secret


def _picture(address: str) -> SafeString:
    # Our own drawing, made of digits only: safe to put into the page as it is.
    return mark_safe(qr_svg(address).decode())  # noqa: S308
