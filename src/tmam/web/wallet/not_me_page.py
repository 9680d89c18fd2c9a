"""`/me/tickets/not-me/`: from the letter's link to tickets that are in that phone no more: read what happens, then do it.

The link withdraws and nothing else: it shows no ticket, opens no booking and asks for no proof, so that it works for
somebody whose account or mailbox is not theirs alone any more.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tmam.fulfilment.wallet.not_me import order_of_link, still_in_that_phone, withdraw
from tmam.fulfilment.wallet.not_me_links import read_phone_link


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def phone_not_me_page(request: HttpRequest) -> HttpResponse:
    """Show which phone it is about; POST takes the tickets out. Mail scanners that open links change nothing.

    Raises:
        AlertLinkNotValidError: we did not sign it, or the order is gone.
        AlertLinkEndedError: it is a week old.
        WalletRaceError: they changed at this very moment.
    """
    now = timezone.now()
    secret = request.POST.get("t", "") or request.GET.get("t", "")
    link = read_phone_link(secret, now=now)
    order = order_of_link(link)
    label, tickets = still_in_that_phone(link, order)
    context: dict[str, Any] = {
        "secret": secret,
        "summary": order,
        "label": label,
        "count": len(tickets),
        "taken_at": link.taken_at,
        "freed": None,
    }
    if request.method == "POST":
        context["freed"] = withdraw(link, now=now)
    response = render(request, "wallet/not_me.html", context)
    # The secret goes nowhere. (`no-referrer` would hide where the form comes from, too, and have it refused.)
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
