"""`/me/orders/<reference>/download/`: every form of a booking's tickets, and the way to the one that was taken."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.fulfilment.errors import FormNotKnownError
from tmam.fulfilment.formats import FORMATS
from tmam.orders.order_summary import summarize_order
from tmam.platform.errors import BadRequestError
from tmam.web.me.access import visible_order
from tmam.web.me.downloads import TAKEN
from tmam.web.me.form_words import PROGRESS_WORDS
from tmam.web.me.offered_forms import grouped, loose_lines, offers_of, proposal, used_of

MOST_SERIAL_DIGITS = 10


@require_safe
@never_cache
def download_page(request: HttpRequest, reference: str) -> HttpResponse:
    """All forms of one booking: what each is good for, needs and weighs; all tickets at once or one by one.

    Raises:
        TicketsNotShownError: no such order, or not for this visitor.
    """
    order = summarize_order(visible_order(request, reference))
    used = used_of(order)
    offers = offers_of(order, used=used, one_by_one=True)
    proposed = proposal(request, order, offers)
    if proposed.device.is_handheld:
        offers = [offer for offer in offers if offer.name != "to-phone"]
    context = {
        "summary": order,
        "proposal": proposed,
        "groups": grouped(offers),
        "are_all_in_phone": bool(order.valid_lines) and not loose_lines(order),
        "total": len(order.valid_lines) - len(used),
        "are_all_used": bool(used) and not offers,
        "used_lines": [line for line in order.valid_lines if line.ticket.serial in used],
        "progress_words": progress_words(),
        "is_over": not order.is_upcoming(timezone.now()),
    }
    return render(request, "me/download.html", context)


@require_safe
@never_cache
def take_form(request: HttpRequest, reference: str, form: str) -> HttpResponse:
    """Go on to the file, all tickets or `?ticket=<serial>`; there it is remembered as taken if it comes to a file.

    Who may have the file is asked there.

    Raises:
        TicketsNotShownError: no such order, or not for this visitor.
        FormNotKnownError: no such form.
        BadRequestError: `ticket` is no number.
    """
    order = visible_order(request, reference)
    if form not in FORMATS or not FORMATS[form].is_offered():
        raise FormNotKnownError(form=form[:20])
    ticket = request.GET.get("ticket", "")
    if ticket and not (ticket.isascii() and ticket.isdigit() and len(ticket) <= MOST_SERIAL_DIGITS):
        raise BadRequestError(where="ticket")
    if ticket:
        address = reverse("me_ticket_file", args=(order.booking_reference, int(ticket), form))
    else:
        address = reverse("me_order_file", args=(order.booking_reference, form))
    return redirect(f"{address}?{TAKEN}=1")


def progress_words() -> dict[str, str]:
    """The words of the script that fetches, in the reader's language."""
    return {name: str(words) for name, words in PROGRESS_WORDS.items()}
