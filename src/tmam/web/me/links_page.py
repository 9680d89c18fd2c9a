"""`/me/orders/<reference>/links/`: where a booking is open, stopping that, and sending one ticket to a phone."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tmam.accounts.browser_names import browser_name
from tmam.accounts.errors import TicketsNotShownError
from tmam.delivery.qr import qr_svg
from tmam.fulfilment.errors import FormNotKnownError
from tmam.fulfilment.formats import FORMATS
from tmam.fulfilment.links.judge_link import key_hash
from tmam.fulfilment.links.stop_links import link_uses, stop_links
from tmam.orders.models import Order
from tmam.orders.order_links import SHORT_LINK, Purpose, sign_ticket_link
from tmam.orders.order_summary import OrderSummary, TicketLine, summarize_order
from tmam.web.me.access import grant_order, may_see, visible_order
from tmam.web.me.link_cookie import link_key
from tmam.web.me.offered_forms import loose_lines

# What a phone makes use of, the best first; those of these that this installation makes are offered.
PHONE_FORMS = ("pkpass", "png", "pdf", "ics")


@require_safe
@never_cache
def links_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The browsers that links let in, and the ways to hand a ticket over to a phone.

    Raises:
        TicketsNotShownError: see `visible_order`.
    """
    order = _order(request, reference)
    now, this_browser = timezone.now(), link_key(request)
    this_hash = key_hash(this_browser) if this_browser else b""
    uses = [
        {
            "browser": browser_name(use.browser),
            "use": use,
            "is_here": bytes(use.browser_hash) == this_hash,
        }
        for use in link_uses(order, now)
    ]
    summary = summarize_order(order)
    context = {
        "summary": summary,
        "reference": order.booking_reference,
        "lines": _portable(summary),
        "uses": uses,
        "zone": summary.first_date.time_zone if summary.first_date else "UTC",
    }
    return render(request, "me/links.html", context)


@require_POST
def stop_links_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Stop all links there are. This browser stays in; every other must come by a new link or an account.

    Raises:
        TicketsNotShownError: see `visible_order`.
    """
    order = _order(request, reference)
    actor = f"user:{request.user.pk}" if request.user.is_authenticated else "visitor"
    stop_links(order, actor, timezone.now())
    grant_order(request, order)
    messages.success(
        request, _("All links are stopped. For another device, send yourself the tickets again.")
    )
    return redirect("me_links", reference=order.booking_reference)


@require_safe
@never_cache
def phone_page(request: HttpRequest, reference: str, serial: int, form: str) -> HttpResponse:
    """A QR code that brings one ticket in one form to the phone that scans it; made anew for each look, for 15 minutes.

    Raises:
        TicketsNotShownError: see `visible_order`; or no file can bring that ticket to a phone.
        FormNotKnownError: no such form.
    """
    order = _order(request, reference)
    summary = summarize_order(order)
    line = next((each for each in _portable(summary) if each.ticket.serial == serial), None)
    if line is None:
        raise TicketsNotShownError
    if form not in FORMATS or not FORMATS[form].is_offered():
        raise FormNotKnownError(form=form[:20])
    secret = sign_ticket_link(order, Purpose.FILE, serial, form)
    drawing = qr_svg(f"{settings.SITE_ORIGIN}/me/tickets/open/?t={secret}").decode()
    context = {
        "summary": summary,
        "reference": order.booking_reference,
        "line": line,
        "number": serial,
        "form": form,
        "forms": [each for each in PHONE_FORMS if each in FORMATS and FORMATS[each].is_offered()],
        "code": mark_safe(drawing),  # noqa: S308 - our own drawing, made of digits only
        "ends_at": timezone.now() + SHORT_LINK,
        "is_local": settings.TMAM.is_loopback,
    }
    return render(request, "me/phone.html", context)


def _portable(summary: OrderSummary) -> list[TicketLine]:
    """The tickets that a file can bring to a phone."""
    return [] if summary.event.live_codes_only else loose_lines(summary)


def _order(request: HttpRequest, reference: str) -> Order:
    """The order for those who may see all of it: who holds one file cannot hand on others."""
    order = visible_order(request, reference)
    if not may_see(request, order):
        raise TicketsNotShownError
    return order
