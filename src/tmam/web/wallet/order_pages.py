"""`/me/orders/<reference>/wallet/`: a booking's tickets go into a phone, and out of it again, all or those that are chosen.

Both change the codes of the tickets, so both ask for a fresh proof first.
"""

from __future__ import annotations

from collections.abc import Collection

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tmam.accounts.errors import TicketsNotShownError
from tmam.accounts.freezing import require_not_frozen
from tmam.delivery.qr import qr_svg
from tmam.fulfilment.errors import WalletOwnerError
from tmam.fulfilment.wallet.free_tickets import free_order
from tmam.fulfilment.wallet.offers import LIVES_FOR, offer_tickets, spoken
from tmam.fulfilment.wallet.queries import phones_of
from tmam.orders.models import Order
from tmam.orders.order_summary import OrderSummary, summarize_order
from tmam.web.account.step_up import Purpose, ask_for_proof
from tmam.web.me.access import visible_order
from tmam.web.wallet.choice import choice_of, keep_choice, kept_choice
from tmam.web.wallet.order_proof import (
    has_proof,
    is_owner,
    is_owner_needed,
    order_owner,
    send_code,
    take_code,
    waits_for_code,
)

PUT_IN, TAKE_OUT = "in", "out"


class OrderCodeForm(forms.Form):
    """The six digits from the mail."""

    code = forms.CharField(
        label=gettext_lazy("Code from the mail"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code-input"}
        ),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def wallet_page(request: HttpRequest, reference: str) -> HttpResponseBase:
    """What it means to keep tickets in a phone; POST makes the code by which a phone takes them.

    Raises:
        TicketsNotShownError: no such order, or not for this visitor.
        AccountFrozenError: whoever the order's address belongs to locked the account.
        WalletOwnerError: that account has a second factor, and somebody else is signed in.
    """
    order = visible_order(request, reference)
    summary = summarize_order(order)
    choice = choice_of(request, summary, phones_of(summary), is_out=False)
    if request.method == "POST" and choice.is_made:
        return _proven(request, order, PUT_IN, choice.serials)
    context = {"summary": summary, "choice": choice, "phones": choice.in_phones, "order": order}
    return render(request, "wallet/keep.html", context, status=422 if choice.is_wrong else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_out_page(request: HttpRequest, reference: str) -> HttpResponseBase:
    """What it means to take tickets out of a phone, which may be lost; POST does it.

    Raises:
        TicketsNotShownError: no such order, or not for this visitor.
        WalletRaceError: they changed at this very moment.
        WalletOwnerError: their account is locked or has a second factor, and somebody else is signed in.
    """
    order = visible_order(request, reference)
    summary = summarize_order(order)
    phones = phones_of(summary)
    if not phones:
        return redirect("me_order", reference=order.booking_reference)
    choice = choice_of(request, summary, phones, is_out=True)
    if request.method == "POST" and choice.is_made:
        return _proven(request, order, TAKE_OUT, choice.serials)
    context = {"summary": summary, "choice": choice, "order": order}
    return render(request, "wallet/take_out.html", context, status=422 if choice.is_wrong else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code_page(request: HttpRequest, reference: str, what: str) -> HttpResponseBase:
    """A guest types the code that was mailed to the order's address; then goes on with what they wanted.

    Raises:
        TicketsNotShownError: no such order, or not for this visitor.
        TooManyRequestsError: the order, or the network, has had all its mails for now.
        PausedError: too many wrong codes.
        AccountFrozenError, WalletOwnerError: see `_refuse`, `_ask_owner`.
    """
    order, now = visible_order(request, reference), timezone.now()
    if what not in {PUT_IN, TAKE_OUT}:
        raise TicketsNotShownError
    _refuse(order, what)
    if is_owner_needed(request, order):
        return _ask_owner(request, order, what)
    if request.method == "POST" and request.POST.get("action") == "resend":
        send_code(request, order, now)
        messages.success(request, _("We sent a new code. The one before no longer works."))
        return redirect("me_wallet_code", reference=order.booking_reference, what=what)
    if not waits_for_code(request, order, now):
        if request.method == "POST":
            messages.error(request, _("That code is too old, or three were wrong. Start again here."))
        return redirect(_page_of(what), reference=order.booking_reference)
    form = OrderCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if take_code(request, order, form.cleaned_data["code"], now):
            return _go_on(request, order, what, kept_choice(request, order.id, what))
        form.add_error("code", _("That is not the code. Look at the mail again."))
    context = {
        "verify_form": form,
        "email": order.email,
        "can_resend": True,
        "code_action": reverse("me_wallet_code", args=[order.booking_reference, what]),
        "order": order,
        "summary": summarize_order(order),
        "what": what,
    }
    return render(request, "wallet/code.html", context, status=422 if form.errors else 200)


def _page_of(what: str) -> str:
    return "me_wallet" if what == PUT_IN else "me_wallet_out"


def _proven(request: HttpRequest, order: Order, what: str, serials: Collection[int]) -> HttpResponseBase:
    """Go on, or ask for the proof that is missing."""
    _refuse(order, what)
    if has_proof(request, order):
        return _go_on(request, order, what, serials)
    if is_owner_needed(request, order):
        return _ask_owner(request, order, what)
    if is_owner(request, order):
        return ask_for_proof(request)
    send_code(request, order, timezone.now())
    keep_choice(request, order.id, what, serials)
    return redirect("me_wallet_code", reference=order.booking_reference, what=what)


def _refuse(order: Order, what: str) -> None:
    """A locked account's tickets go into no phone, whoever asks. Out of one they may, by their owner.

    Raises:
        AccountFrozenError: it is locked.
    """
    owner = order_owner(order)
    if what == PUT_IN and owner is not None:
        require_not_frozen(owner)


def _ask_owner(request: HttpRequest, order: Order, what: str) -> HttpResponse:
    """Sign in first: for this account a mailed code is not enough.

    Raises:
        WalletOwnerError: somebody else is signed in here.
    """
    if request.user.is_authenticated:
        raise WalletOwnerError
    messages.info(
        request,
        _(
            "These tickets belong to an account that asks for more than a code from a mail. Sign in to it first."
        ),
    )
    return redirect_to_login(reverse(_page_of(what), args=[order.booking_reference]))


def _go_on(request: HttpRequest, order: Order, what: str, serials: Collection[int]) -> HttpResponse:
    if not serials:  # the session has forgotten what was ticked
        return redirect(_page_of(what), reference=order.booking_reference)
    summary = summarize_order(order)
    if what == PUT_IN:
        return _offer(request, summary, serials)
    freed = free_order(summary, serials, actor=_actor(request), now=timezone.now())
    said = ngettext(
        "%(count)s ticket is out of the phone. You can download it again.",
        "%(count)s tickets are out of the phone. You can download them again.",
        freed,
    )
    messages.success(request, said % {"count": freed})
    return redirect("me_order", reference=order.booking_reference)


def _offer(request: HttpRequest, summary: OrderSummary, serials: Collection[int]) -> HttpResponse:
    going = [line for line in summary.valid_lines if line.ticket.serial in serials]
    if not going:
        raise TicketsNotShownError
    order = summary.order
    code = offer_tickets(summary, order_owner(order), timezone.now(), serials)
    link = f"{reverse('wallet:app')}#add={code}"
    context = {
        "summary": summary,
        "order": order,
        "link": link,
        "going": len(going),
        "staying": len(summary.valid_lines) - len(going),
        # Our own drawing, made of digits only: safe to put into the page as it is.
        "picture": mark_safe(qr_svg(settings.SITE_ORIGIN + link).decode()),  # noqa: S308
        "code": spoken(code),
        "minutes": int(LIVES_FOR.total_seconds() // 60),
    }
    return render(request, "wallet/offer.html", context)


def _actor(request: HttpRequest) -> str:
    return f"user:{request.user.pk}" if request.user.is_authenticated else "visitor"


# What the question for a fresh proof says, see `step_up.purpose_of`.
wallet_page.step_up_purpose = Purpose.KEEP_IN_PHONE  # type: ignore[attr-defined]
take_out_page.step_up_purpose = Purpose.KEEP_IN_PHONE  # type: ignore[attr-defined]
