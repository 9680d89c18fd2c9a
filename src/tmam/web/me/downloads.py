"""The files of a booking, each in every form of `fulfilment.formats`."""

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
from tmam.fulfilment.errors import FormNotKnownError
from tmam.fulfilment.finish_files import finished
from tmam.fulfilment.formats import FORMATS, FileFormat, FileWish
from tmam.fulfilment.record_downloads import record_downloads
from tmam.orders.order_summary import OrderSummary, TicketLine, summarize_order
from tmam.platform.statements import run_verb
from tmam.web.me.access import visible_order
from tmam.web.posters import poster_svg


@require_safe
def order_file(request: HttpRequest, reference: str, form: str) -> HttpResponseBase:
    """All tickets of a booking that admit somebody, in one file of this form.

    Raises:
        FormNotKnownError: no such form, or none that holds several tickets where there are several.
        TicketsNotShownError: see `visible_order`; or no ticket admits anybody any more.
    """
    order = summarize_order(visible_order(request, reference))
    wanted = FORMATS.get(form)
    if wanted is None or not (wanted.holds_many or len(order.valid_lines) == 1):
        raise FormNotKnownError(form=form[:20])
    if not (order.valid_lines or form == "ics"):
        raise TicketsNotShownError
    return _file(request, order, order.valid_lines, wanted)


@require_safe
def ticket_file(request: HttpRequest, reference: str, serial: int, form: str) -> HttpResponseBase:
    """One ticket of a booking in this form.

    Raises:
        FormNotKnownError: no such form.
        TicketsNotShownError: see `visible_order`; or that ticket admits nobody.
    """
    order = summarize_order(visible_order(request, reference))
    wanted = FORMATS.get(form)
    if wanted is None:
        raise FormNotKnownError(form=form[:20])
    return _file(request, order, [_line(order, serial)], wanted)


def _poster(order: OrderSummary) -> bytes:
    event = order.event
    return poster_svg(event.poster_seed, event.kind, event.slug, event.organizer.accent_hue).encode()


def _line(order: OrderSummary, serial: int) -> TicketLine:
    for line in order.valid_lines:
        if line.ticket.serial == serial:
            return line
    raise TicketsNotShownError


def _file(
    request: HttpRequest, order: OrderSummary, lines: Sequence[TicketLine], form: FileFormat
) -> HttpResponseBase:
    """A private download: saved under a good name, kept by no cache in between, asked for again by its ETag."""
    now = timezone.now()
    file = finished(form.make(FileWish(order, lines, get_language() or "en", now, _poster(order))))
    run_verb(record_downloads(order.event.id, [line.ticket.serial for line in lines], form.name, now))
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
