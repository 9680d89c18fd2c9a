"""`/me/orders/<reference>/download/`: every form of a booking's tickets, and remembering which one was taken."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.fulfilment.errors import FormNotKnownError
from tmam.fulfilment.formats import FORMATS
from tmam.orders.order_summary import summarize_order
from tmam.platform.errors import BadRequestError
from tmam.web.me.access import visible_order
from tmam.web.me.form_words import PROGRESS_WORDS
from tmam.web.me.offered_forms import grouped, loose_lines, offers_of, proposal

MOST_SERIAL_DIGITS = 10


@require_safe
@never_cache
def download_page(request: HttpRequest, reference: str) -> HttpResponse:
    """All forms of one booking: what each is good for, needs and weighs; all tickets at once or one by one.

    Raises:
        TicketsNotShownError: no such order, or not for this visitor.
    """
    order = summarize_order(visible_order(request, reference))
    offers = offers_of(order, one_by_one=True)
    proposed = proposal(request, order, offers)
    if proposed.device.is_handheld:
        offers = [offer for offer in offers if offer.name != "to-phone"]
    context = {
        "summary": order,
        "proposal": proposed,
        "groups": grouped(offers),
        "are_all_in_phone": bool(order.valid_lines) and not loose_lines(order),
        "progress_words": progress_words(),
        "is_over": not order.is_upcoming(timezone.now()),
    }
    return render(request, "me/download.html", context)


@require_safe
@never_cache
def take_form(request: HttpRequest, reference: str, form: str) -> HttpResponse:
    """Remember in this browser that this form was taken, and go on to the file: all tickets, or `?ticket=<serial>`.

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
        response = redirect("me_ticket_file", order.booking_reference, int(ticket), form)
    else:
        response = redirect("me_order_file", order.booking_reference, form)
    if form != "ics":  # an entry in a calendar is no way in
        remember_form(response, form)
    return response


def progress_words() -> dict[str, str]:
    """The words of the script that fetches, in the reader's language."""
    return {name: str(words) for name, words in PROGRESS_WORDS.items()}


def remember_form(response: HttpResponse, form: str) -> None:
    """Propose this form first in this browser, for a year."""
    response.set_cookie(
        settings.FORM_COOKIE_NAME,
        form,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
