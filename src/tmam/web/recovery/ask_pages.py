"""Asking our staff: the password first, then a link in a mail. Wrong passwords and unknown addresses read alike."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tmam.accounts.errors import TooManyRequestsError
from tmam.accounts.models import RecoveryKind, User
from tmam.accounts.passwords import MAX_LENGTH
from tmam.accounts.recovery import begin, had_mailbox
from tmam.accounts.security_log import visit_of
from tmam.notifications.compose import ACCOUNT_PREFIX
from tmam.notifications.queue_mail import queue_mail
from tmam.web.account.guarding import count_mail

SENT_TO = "recovery_mail_sent_to"
_MAIL_FIELD = {"autocomplete": "email", "inputmode": "email", "autocapitalize": "none"}


class AskForm(forms.Form):
    """The address of the account and its password."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address of the account"),
        max_length=254,
        widget=forms.EmailInput(attrs=_MAIL_FIELD),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=MAX_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any) -> None:
        super().__init__(*args)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        """Check the password as sign-in does: the same limits, the same words, the same time."""
        typed = super().clean() or {}
        if not self.errors:
            adapter = get_adapter()
            user = adapter.authenticate(self.request, email=typed["email"], password=typed["password"])
            if user is None or not user.is_active or not self.may_ask(user):
                raise forms.ValidationError(adapter.error_messages["email_password_mismatch"])
            self.user = user
        return typed

    def may_ask(self, user: User) -> bool:
        """Whether this way is open to the account. No reads like a wrong password."""
        del user
        return True


class AskForMailboxForm(AskForm):
    """And the mailbox that shall take the place of the lost one."""

    new_email = forms.EmailField(
        label=gettext_lazy("New e-mail address"),
        help_text=gettext_lazy("We send a link to it now, to see that it is yours."),
        max_length=254,
        widget=forms.EmailInput(attrs={**_MAIL_FIELD, "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """Another address than the lost one. Whether somebody else has it is not told here."""
        typed = super().clean()
        if not self.errors and typed["new_email"].lower() == typed["email"].lower():
            self.add_error("new_email", _("That is the address you have now. Type the new one."))
        return typed

    def may_ask(self, user: User) -> bool:
        """A mailbox can only be lost by whoever has had it."""
        return had_mailbox(user, user.email)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask_for_factors(request: HttpRequest) -> HttpResponse:
    """Every second factor is lost."""
    form = AskForm(request, *([request.POST] if request.method == "POST" else []))
    return _answer(request, form, RecoveryKind.FACTORS, "recovery/ask_phone.html")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask_for_mailbox(request: HttpRequest) -> HttpResponse:
    """The mailbox is lost."""
    form = AskForMailboxForm(request, *([request.POST] if request.method == "POST" else []))
    return _answer(request, form, RecoveryKind.EMAIL, "recovery/ask_email.html")


@require_safe
@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """A link is in the mail."""
    return render(request, "recovery/sent.html", {"email": request.session.get(SENT_TO, "")})


def _answer(request: HttpRequest, form: AskForm, kind: RecoveryKind, template: str) -> HttpResponse:
    if request.method != "POST":
        return render(request, template, {"form": form})
    if not ratelimit.consume(request, action="recover_account"):
        raise TooManyRequestsError(retry_after_s=300)
    if not form.is_valid() or form.user is None:
        return render(request, template, {"form": form}, status=422)
    language, now = get_language() or "en", timezone.now()
    count_mail(request, form.cleaned_data.get("new_email") or form.user.email)
    asked = begin(
        form.user,
        kind,
        new_email=form.cleaned_data.get("new_email", ""),
        language=language,
        now=now,
        visit=visit_of(request),
    )
    to = asked.new_email or asked.old_email
    queue_mail(
        cause=f"recovery-prove:{asked.pk}:{secrets.token_hex(4)}",
        template=f"{ACCOUNT_PREFIX}recovery_prove",
        to=to,
        language=language,
        now=now,
        context={"request_id": asked.pk, "kind": kind.value},
    )
    request.session[SENT_TO] = to
    return redirect("recover_sent")
