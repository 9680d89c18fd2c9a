"""The files of a booking: tickets as PDF and PNG, the event for a calendar."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tmam.accounts.errors import TicketsNotShownError
from tmam.notifications.letter import Attachment
from tmam.notifications.order_files import calendar_file, ticket_image, tickets_pdf
from tmam.orders.order_summary import OrderSummary, TicketLine, summarize_order
from tmam.web.me.access import visible_order
from tmam.web.posters import poster_svg


@require_safe
def order_pdf(request: HttpRequest, reference: str) -> HttpResponseBase:
    """All tickets of a booking that admit somebody, one page each."""
    order = _summary(request, reference)
    if not order.valid_lines:
        raise TicketsNotShownError
    return _pdf(request, order, order.valid_lines)


@require_safe
def ticket_pdf(request: HttpRequest, reference: str, serial: int) -> HttpResponseBase:
    """One ticket as PDF."""
    order = _summary(request, reference)
    return _pdf(request, order, [_line(order, serial)])


@require_safe
def ticket_png(request: HttpRequest, reference: str, serial: int) -> HttpResponseBase:
    """One ticket as a picture."""
    order = _summary(request, reference)
    line = _line(order, serial)
    return _file(request, ticket_image(order, line, language=_language(), poster_svg=_poster(order)))


@require_safe
def calendar_download(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The event for a calendar."""
    order = _summary(request, reference)
    if not order.dates:
        raise TicketsNotShownError
    return _file(request, calendar_file(order, language=_language(), now=timezone.now()))


def _pdf(request: HttpRequest, order: OrderSummary, lines: Sequence[TicketLine]) -> HttpResponseBase:
    return _file(request, tickets_pdf(order, lines, language=_language(), poster_svg=_poster(order)))


def _poster(order: OrderSummary) -> bytes:
    event = order.event
    return poster_svg(event.poster_seed, event.kind, event.slug, event.organizer.accent_hue).encode()


def _language() -> str:
    return get_language() or "en"


def _summary(request: HttpRequest, reference: str) -> OrderSummary:
    return summarize_order(visible_order(request, reference))


def _line(order: OrderSummary, serial: int) -> TicketLine:
    for line in order.valid_lines:
        if line.ticket.serial == serial:
            return line
    raise TicketsNotShownError


def _file(request: HttpRequest, file: Attachment) -> HttpResponseBase:
    """A private download: saved under a good name, kept by no cache in between, asked for again by its ETag."""
    etag = f'"{hashlib.sha256(file.content).hexdigest()[:32]}"'
    response: HttpResponseBase
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(file.content, content_type=file.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.headers["ETag"] = etag
    patch_cache_control(response, private=True, no_store=True)
    return response
