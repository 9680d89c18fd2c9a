"""What a link from a mail opens: go on, stop it, or finish. The link's secret is taken out of the address at once."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tmam.accounts.errors import LinkNotValidError, RecoveryNotPossibleError
from tmam.accounts.models import RecoveryRequest
from tmam.accounts.passwords import MAX_LENGTH
from tmam.accounts.recovery import cancel, complete, open_request, prove_mailbox
from tmam.accounts.recovery_links import LinkPurpose, RecoveryLink, read_recovery_link
from tmam.accounts.recovery_rules import may_complete
from tmam.accounts.security_log import visit_of
from tmam.web.sent_from import sent_from

OPENED = "recovery_opened"


class FinishForm(forms.Form):
    """The password, once more."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=MAX_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@require_safe
@never_cache
def open_link(request: HttpRequest) -> HttpResponse:
    """Keep in the session what the link allows, and go to an address without a secret. Looking changes nothing.

    Raises:
        LinkNotValidError: not signed by us.
    """
    link = read_recovery_link(request.GET.get("t", ""))
    if link is None:
        raise LinkNotValidError
    request.session[OPENED] = [link.request_id, link.purpose.value]
    response = redirect("recover_request")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def request_page(request: HttpRequest) -> HttpResponse:
    """Say what the button does; pressed, do it.

    Raises:
        LinkNotValidError: no link was opened in this browser, or its request is gone.
    """
    link = _opened(request)
    found = RecoveryRequest.objects.select_related("user").filter(pk=link.request_id).first()
    if found is None:
        raise LinkNotValidError
    if link.purpose == LinkPurpose.COMPLETE:
        return _finish(request, found)
    if request.method == "POST":
        if link.purpose == LinkPurpose.PROVE:
            prove_mailbox(found.pk, now=timezone.now(), visit=visit_of(request))
        elif not cancel(found.pk, now=timezone.now(), visit=visit_of(request)):
            raise RecoveryNotPossibleError
        del request.session[OPENED]
        return render(request, f"recovery/{link.purpose}_done.html")
    return render(request, f"recovery/{link.purpose}.html", {"found": found})


@sent_from("me_account")
@login_required
def stop_own(request: HttpRequest) -> HttpResponse:
    """The owner, in a browser that is signed in, says no."""
    found = open_request(cast("int", request.user.pk))
    if found is not None and cancel(found.pk, now=timezone.now(), visit=visit_of(request)):
        messages.success(request, _("It is stopped. Choose a new password now: somebody knows the old one."))
    return redirect("me_account")


def _finish(request: HttpRequest, found: RecoveryRequest) -> HttpResponse:
    now = timezone.now()
    if not may_complete(found.state, found.ready_at, now):  # type: ignore[arg-type]  # a state by its value
        raise RecoveryNotPossibleError
    form = FinishForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "recovery/complete.html", {"form": form, "found": found})
    if not form.is_valid() or not _is_right(request, found, form):
        return render(request, "recovery/complete.html", {"form": form, "found": found}, status=422)
    done = complete(found.pk, password=form.cleaned_data["password"], now=now, visit=visit_of(request))
    request.session.pop(OPENED, None)
    return render(request, "recovery/complete_done.html", {"found": done})


def _is_right(request: HttpRequest, found: RecoveryRequest, form: FinishForm) -> bool:
    """Whether the password is the account's; tried as a sign-in is, with its limits."""
    adapter: Any = get_adapter()
    try:
        user = adapter.authenticate(request, email=found.user.email, password=form.cleaned_data["password"])
    except forms.ValidationError as error:
        form.add_error("password", error)
        return False
    if user is None or user.pk != found.user_id:
        form.add_error("password", adapter.error_messages["incorrect_password"])
        return False
    return True


def _opened(request: HttpRequest) -> RecoveryLink:
    try:
        number, purpose = request.session[OPENED]
        return RecoveryLink(int(number), LinkPurpose(purpose))
    except (KeyError, ValueError, TypeError) as error:
        raise LinkNotValidError from error
