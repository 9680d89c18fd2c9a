"""`/accounts/phone/`: the number that codes go to: typed, proven by one, removed."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tmam.accounts.security_log import visit_of
from tmam.accounts.sms.codes import Wanted, is_code_spent, send_code
from tmam.accounts.sms.numbers import allowed_countries, readable
from tmam.accounts.sms.phones import confirm_phone, phone_of, remove_phone
from tmam.accounts.sms.senders import is_sms_offered
from tmam.platform.errors import NotFoundError
from tmam.web.account.factors.changed import go_on_with_factor
from tmam.web.account.factors.method import NUMERIC, CodeField, CodeForm, Proof
from tmam.web.account.phone.forms import PhoneForm, likely_country
from tmam.web.account.required_factor import must_have_factor
from tmam.web.account.step_up import Purpose, fresh_proof_required
from tmam.web.sent_from import sent_from

if TYPE_CHECKING:
    from tmam.accounts.models import User

SESSION_KEY = "phone_being_added"
# Another message may be asked for after so long.
PATIENCE = timedelta(seconds=30)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fresh_proof_required(purpose=Purpose.CHANGE_FACTORS)
def phone_page(request: HttpRequest) -> HttpResponse:
    """Take a number and send a code to it.

    Raises:
        NotFoundError: this installation sends no SMS.
        TooManySmsError: enough were sent for now.
    """
    if not is_sms_offered(settings.TMAM):
        raise NotFoundError
    form = PhoneForm(
        request.POST if request.method == "POST" else None,
        allowed=allowed_countries(settings.TMAM.sms_countries),
        initial={"country": likely_country(request)},
    )
    if request.method == "POST" and form.is_valid():
        _send(request, form.cleaned_data["e164"])
        return redirect("account_phone_code")
    phone = phone_of(cast("User", request.user).pk)
    context = {"form": form, "number": readable(phone.number) if phone else ""}
    return render(request, "account/phone/phone.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fresh_proof_required(purpose=Purpose.CHANGE_FACTORS)
def code_page(request: HttpRequest) -> HttpResponse:
    """Take the code; with it the number is the person's. `again` sends another one."""
    user, now = cast("User", request.user), timezone.now()
    number, code_id, sent_at = request.session.get(SESSION_KEY, ("", "", 0))
    if not number:
        return redirect("account_phone")
    if "again" in request.POST:
        if now.timestamp() - sent_at > PATIENCE.total_seconds():
            _send(request, number)
        return redirect("account_phone_code")
    look = CodeField(_("Code from the SMS"), attrs=NUMERIC)
    form = CodeForm(request.POST if request.method == "POST" else None, look)
    if request.method == "POST" and form.is_valid():
        typed, this_code = form.cleaned_data["code"], uuid.UUID(code_id)
        if confirm_phone(user.pk, this_code, typed, visit=visit_of(request), now=now) is not None:
            del request.session[SESSION_KEY]
            messages.success(request, _("Your number is set up. Codes go to it from now on."))
            return go_on_with_factor(request, Proof("sms"), usual="me_security", now=now)
        is_spent = is_code_spent(this_code, user_id=user.pk, now=now)
        form.add_error(
            "code",
            _("That code is used up. Ask for a new one below.")
            if is_spent
            else _("That is not the code we sent. Look at the newest SMS and type it again."),
        )
    return render(request, "account/phone/code.html", {"form": form, "number": readable(number)})


@sent_from("me_security")
@fresh_proof_required(purpose=Purpose.CHANGE_FACTORS)
def remove_page(request: HttpRequest) -> HttpResponse:
    """Forget the number.

    Raises:
        FactorRequiredError: it is the last factor of somebody who must have one.
    """
    user = cast("User", request.user)
    if remove_phone(
        user.pk, must_keep_factor=must_have_factor(user), visit=visit_of(request), now=timezone.now()
    ):
        messages.success(request, _("Your number is removed. We send no codes to it any more."))
    return redirect("me_security")


def _send(request: HttpRequest, number: str) -> None:
    now = timezone.now()
    wanted = Wanted(cast("User", request.user).pk, number, "add", get_language() or "en")
    code_id = send_code(wanted, visit=visit_of(request), settings=settings.TMAM, now=now)
    request.session[SESSION_KEY] = [number, str(code_id), now.timestamp()]
