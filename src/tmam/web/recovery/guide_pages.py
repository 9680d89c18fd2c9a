"""What was lost, and which ways there are back in. These pages ask nothing about anybody."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

PAGE_OF_LOSS = {"password": "recover_password", "phone": "recover_phone", "email": "recover_email"}


class LossForm(forms.Form):
    """The first decision."""

    lost = forms.ChoiceField(
        label=_("What is missing?"),
        choices=[
            ("password", _("I forgot my password")),
            ("phone", _("I lost my phone, my security key or my authenticator app")),
            ("email", _("I can't read my e-mail any more")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is missing.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """What is missing?"""
    form = LossForm(request.POST or None)
    if request.method != "POST":
        return render(request, "recovery/start.html", {"form": LossForm()})
    if not form.is_valid():
        return render(request, "recovery/start.html", {"form": form}, status=422)
    return redirect(PAGE_OF_LOSS[form.cleaned_data["lost"]])


@require_safe
@never_cache
def password(request: HttpRequest) -> HttpResponse:
    """A mailed code allows a new password; the second factor is still asked."""
    return render(request, "recovery/password.html")


@require_safe
@never_cache
def phone(request: HttpRequest) -> HttpResponse:
    """A recovery code, another factor, or people of ours and a waiting time."""
    return render(request, "recovery/phone.html", {"hours": settings.TMAM.recovery_wait_hours})


@require_safe
@never_cache
def email(request: HttpRequest) -> HttpResponse:
    """Sign in and change it, or people of ours and a waiting time."""
    return render(request, "recovery/email.html", {"hours": settings.TMAM.recovery_wait_hours})
