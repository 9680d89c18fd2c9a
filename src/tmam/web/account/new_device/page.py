"""`/accounts/new-device/`: type the code from the mail; the sign-in waits."""

from __future__ import annotations

from allauth.account.internal.decorators import login_stage_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tmam.web.account.forms import NewDeviceCodeForm
from tmam.web.account.new_device.code import NewDeviceCode
from tmam.web.account.new_device.stage import PAGE, NewDeviceStage


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_stage_required(stage=NewDeviceStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def new_device_page(request: HttpRequest) -> HttpResponseBase:
    """POST `code`, or `action` `resend` or `cancel`.

    Raises:
        TooManyDeviceCodesError: this account had all its mails of the hour.
        TooManyCodesError: so many wrong codes, over all sign-ins, that none is looked at for a while.
    """
    stage = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001 - allauth's decorator leaves it there
    process = NewDeviceCode.resume(stage)
    if process is None:
        messages.warning(request, _("That took too long. Sign in again, then we send a new code."))
        return redirect("account_login")
    return _act(request, process) if request.method == "POST" else _page(request, process)


def _act(request: HttpRequest, process: NewDeviceCode) -> HttpResponseBase:
    action = request.POST.get("action", "")
    if action == "cancel":
        process.abort()
        return redirect("account_login")
    if action == "resend" and process.can_resend:
        process.resend()
        messages.success(request, _("We sent a new code. The one before no longer works."))
        return redirect(PAGE)
    form = NewDeviceCodeForm(request.POST, code=process.code)
    if not request.POST.get("code", "").strip():
        return _page(request, process, form)  # nothing typed costs no try; the form says what is missing
    process.claim_try()
    if form.is_valid():
        return process.finish()
    if not process.record_invalid_attempt():
        messages.error(request, _("Three wrong codes: sign in again, then we send a new one."))
        return redirect("account_login")
    return _page(request, process, form)


def _page(
    request: HttpRequest, process: NewDeviceCode, form: NewDeviceCodeForm | None = None
) -> HttpResponse:
    context = {
        "verify_form": form or NewDeviceCodeForm(code=process.code),
        "email": process.shown_address,
        "can_resend": process.can_resend,
    }
    return render(request, "account/new_device.html", context)
