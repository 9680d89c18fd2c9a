"""`/me/orders/<reference>/google/`: the tickets of a booking into Google Wallet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tmam.accounts.errors import TicketsNotShownError
from tmam.fulfilment.errors import GoogleNotSetUpError
from tmam.fulfilment.google.account import google_account, is_google_offered
from tmam.fulfilment.google.save_passes import MOST_AT_ONCE, save_passes
from tmam.orders.order_summary import OrderSummary, TicketLine, summarize_order
from tmam.tickets.errors import TicketBoundError
from tmam.web.me.access import visible_order


@dataclass(frozen=True)
class Group:
    """Tickets that one link saves. `first` and `last` count from 1 within the booking; `serial` names the group."""

    first: int
    last: int
    lines: Sequence[TicketLine]

    @property
    def serial(self) -> int:
        """The first ticket's serial."""
        return self.lines[0].ticket.serial


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def google_page(request: HttpRequest, reference: str) -> HttpResponse:
    """What Google Wallet needs, and a button; POST makes the passes and goes there.

    Raises:
        GoogleNotSetUpError: this site does not offer it.
        TicketsNotShownError: see `visible_order`; or nothing in the booking admits anybody.
        TicketBoundError: every ticket lives in a phone.
        GoogleNotReachedError, GoogleRefusedError: see `save_passes`.
    """
    order = summarize_order(visible_order(request, reference))
    if not is_google_offered(settings.TMAM):
        raise GoogleNotSetUpError
    groups = groups_of(order)
    if not groups:
        if order.valid_lines:
            raise TicketBoundError(order.valid_lines[0].ticket.serial)
        raise TicketsNotShownError
    if request.method != "POST":
        return render(request, "me/google.html", {"summary": order, "groups": groups})
    wanted = request.POST.get("first", str(groups[0].serial))
    group = next((group for group in groups if str(group.serial) == wanted), None)
    if group is None:
        messages.warning(request, _("Your tickets have changed since this page was shown. Choose once more."))
        return redirect("me_google", order.order.booking_reference)
    address = save_passes(
        order,
        group.lines,
        account=google_account(settings.TMAM),
        origin=settings.SITE_ORIGIN,
        language=get_language() or "en",
        now=timezone.now(),
    )
    # A redirect after a form would be held back by `form-action 'self'` (see `account.sso.leaving`).
    page = render(request, "me/google_leaving.html", {"address": address, "summary": order})
    page.headers["Referrer-Policy"] = "strict-origin"
    return page


def groups_of(order: OrderSummary) -> list[Group]:
    """The tickets that can be saved, as many to a group as a link has room for; each group of one kind of pass."""
    lines = [line for line in order.valid_lines if line.ticket.device_key is None]
    return [
        Group(begin + 1, begin + len(chunk), chunk)
        for begin in range(0, len(lines), MOST_AT_ONCE)
        for chunk in [lines[begin : begin + MOST_AT_ONCE]]
    ]
