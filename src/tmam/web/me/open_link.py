"""From a link to what it opens: `/me/tickets/open/?t=…`, then a page without a secret in its address.

The first address only takes the link out of sight: it goes into the session, and the answer leads on at once, without
a referrer. Nothing is used up by it, because mail programs and their guards look at links before people do. What lets
a browser in is a button, and for a browser that is a stranger to the link a code from a mail.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tmam.accounts import lockout
from tmam.accounts.errors import LinkNotValidError, PausedError, TooManyRequestsError
from tmam.accounts.security_log import visit_of
from tmam.fulfilment.links.judge_link import Judgement, Proof, Standing, judge_link, use_link
from tmam.orders.models import Order
from tmam.orders.order_links import Purpose
from tmam.orders.order_summary import summarize_order
from tmam.platform.clients import client_network
from tmam.web.account.new_device.stage import can_codes_be_read
from tmam.web.me.access import grant_file, grant_order, granted_orders, may_see
from tmam.web.me.link_cookie import keep_link_key, link_key, new_link_key
from tmam.web.me.mailed_code import DIGITS, MailedCode, hinted

_CODE: Final = MailedCode("link_code")
PENDING = "tmam.link"
# Where a button of a letter leads once the link has let the browser in: a wallet, or straight to the paper.
WAYS: Final = {
    "apple": ("me_order_take", ("pkpass",)),
    "google": ("me_google", ()),
    "phone": ("me_wallet", ()),
    "pdf": ("me_order_take", ("pdf",)),
}
WAY = "tmam.link.way"


class LinkCodeForm(forms.Form):
    """The code from the mail."""

    code = forms.CharField(
        label=gettext_lazy("Code from the e-mail"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "size": DIGITS + 2}
        ),
    )


@require_safe
@never_cache
def open_link(request: HttpRequest) -> HttpResponse:
    """Remember the link and go to an address without a secret in it.

    Raises:
        LinkNotValidError, LinkEndedError, LinkStoppedError: see `judge_link`.
        TooManyRequestsError: this network tried too many links that are none.
    """
    text = request.GET.get("t", "")
    _judged(request, text, timezone.now())
    request.session[PENDING] = text
    request.session[WAY] = way if (way := request.GET.get("way", "")) in WAYS else ""
    response = redirect("me_opening")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def opening_page(request: HttpRequest) -> HttpResponse:
    """Open what the link is for. POST `open`, `send` (a code) or `code` with what was typed.

    Who comes back here after the link was opened has no link any more, and is led to what it opened.

    Raises:
        LinkNotValidError, LinkEndedError, LinkStoppedError: see `judge_link`.
        TooManyRequestsError, PausedError: too many codes asked for, or too many wrong ones.
    """
    now = timezone.now()
    if not request.session.get(PENDING):
        return _led_on(request)
    found = _judged(request, request.session[PENDING], now)
    standing = _standing(request, found)
    if standing is Standing.KNOWN:
        return _let_in(request, found, Proof.KNOWN, now)
    if request.method != "POST":
        return _page(request, found, standing, now)
    if standing is Standing.FREE:
        return _let_in(request, found, Proof.FIRST, now)
    if request.POST.get("action") == "send":
        visit = visit_of(request)
        facts = {
            "event_id": found.order.event_id,
            "network": visit.network,
            "place": visit.place,
            "browser": visit.browser,
        }
        _CODE.send(request, found.order, facts, now)
        messages.success(request, _("We sent a code. It works for 15 minutes."))
        return redirect("me_opening")
    return _code_typed(request, found, now)


def _judged(request: HttpRequest, text: str, now: datetime) -> Judgement:
    """Judge a link; links that are none are counted against their network."""
    try:
        return judge_link(text, link_key(request), now)
    except LinkNotValidError:
        if not text:  # nobody guesses with nothing
            raise
        subject = lockout.network_subject(lockout.Purpose.LINK, client_network(request))
        try:
            lockout.begin_attempt([subject], now)
        except PausedError as error:
            raise TooManyRequestsError(retry_after_s=60 * error.minutes) from None
        raise


def _led_on(request: HttpRequest) -> HttpResponse:
    """To the order that this browser was let into last, else to all that it may see."""
    for event_id, order_id in granted_orders(request)[:1]:
        order = Order.objects.get(event_id=event_id, id=order_id)
        return redirect("me_order", order.booking_reference)
    return redirect("me_tickets")


def _standing(request: HttpRequest, found: Judgement) -> Standing:
    if may_see(request, found.order) or not can_codes_be_read():
        return Standing.KNOWN
    return found.standing


def _code_typed(request: HttpRequest, found: Judgement, now: datetime) -> HttpResponse:
    form = LinkCodeForm(request.POST)
    if not _CODE.is_awaited(request, found.order, now):
        messages.warning(request, _("That code is used up or too old. Ask for a new one."))
        return redirect("me_opening")
    if not form.is_valid():
        return _page(request, found, Standing.STRANGER, now, form)
    if _CODE.is_right(request, found.order, form.cleaned_data["code"], now):
        return _let_in(request, found, Proof.CODE, now)
    if not _CODE.is_awaited(request, found.order, now):
        messages.error(request, _("Three wrong codes. Ask for a new one."))
        return redirect("me_opening")
    form.add_error("code", _("That is not the code in our newest mail. Look once more."))
    return _page(request, found, Standing.STRANGER, now, form)


def _page(
    request: HttpRequest,
    found: Judgement,
    standing: Standing,
    now: datetime,
    form: LinkCodeForm | None = None,
) -> HttpResponse:
    is_stranger = standing is Standing.STRANGER
    context: dict[str, object] = {
        "purpose": found.link.purpose,
        "email": hinted(found.order.email),
        # A stranger learns nothing of the order before the code.
        "summary": None if is_stranger else summarize_order(found.order),
    }
    if not is_stranger:
        return render(request, "me/opening.html", context)
    if not _CODE.is_awaited(request, found.order, now):
        return render(request, "me/opening_stranger.html", context)
    context["verify_form"] = form or LinkCodeForm()
    return render(request, "me/opening_code.html", context, status=422 if form else 200)


def _let_in(request: HttpRequest, found: Judgement, proof: Proof, now: datetime) -> HttpResponse:
    """Write it down, let the browser know its key, and lead to what the link is for."""
    key = link_key(request) or new_link_key()
    agent = request.headers.get("User-Agent", "")
    if not use_link(found, key, agent, proof, now):
        return redirect("me_opening")  # another browser was first, a moment ago
    link, order = found.link, found.order
    if link.purpose is Purpose.OPEN:
        request.session.pop(PENDING, None)  # a file may be fetched again from the same page
        grant_order(request, order)
        page, more = WAYS.get(request.session.pop(WAY, ""), ("me_order", ()))
        response = redirect(page, order.booking_reference, *more)
    elif link.purpose is Purpose.FILE:
        grant_file(request, order, link.serial, link.form)
        response = redirect(
            "me_ticket_file", reference=order.booking_reference, serial=link.serial, form=link.form
        )
    else:
        grant_file(request, order, link.serial, link.form)
        response = redirect("/wallet/")
    keep_link_key(response, key)
    return response
