"""The files of a booking, each in every form of `fulfilment.formats`.

Light forms are made at once. Heavy ones come from the store; what is not there yet waits for a renderer, and whoever
asked is told the place and the time (`file_waits`). Asking again is always right: it gives the same file.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tmam.accounts.errors import TicketsNotShownError
from tmam.delivery.errors import RenderBusyError
from tmam.delivery.render_queue import Place
from tmam.delivery.renderers import renderers
from tmam.fulfilment.errors import FormNotKnownError
from tmam.fulfilment.fetch_file import Wanted, fetch_file, place_to_wait
from tmam.fulfilment.files import PlannedFile, TicketFile
from tmam.fulfilment.finish_files import finished
from tmam.fulfilment.formats import FORMATS, FileFormat, FileWish
from tmam.fulfilment.kept_files import WHOLE_ORDER, FileAddress, FileKey, Kept, digests_now, find_kept
from tmam.fulfilment.note_downloads import download_notes
from tmam.fulfilment.record_downloads import record_downloads
from tmam.kernel.errors import TmamError
from tmam.orders.models import Order
from tmam.orders.order_summary import summarize_order
from tmam.platform.statements import read_verb, run_verb
from tmam.web.me.access import visible_order
from tmam.web.me.decoration import poster_of
from tmam.web.me.file_answer import Asked, Offer, answer
from tmam.web.me.file_waits import (
    FAILURE_REST_S,
    Wait,
    WaitingFile,
    failed_state,
    queue_state,
    ready_state,
    wait_at,
    waiting_page,
)
from tmam.web.me.wanted_lines import wanted_lines

ADDRESS_GOOD_FOR_S = 60
# In the address of a file that somebody chose among all forms (`download_page.take_form`).
TAKEN: Final = "taken"
# Saying how a file is to be drawn takes some twenty milliseconds of this process: in a rush, light forms go first.
PLANS_AT_ONCE = 2
_planning = threading.BoundedSemaphore(PLANS_AT_ONCE)


@require_safe
def order_file(request: HttpRequest, reference: str, form: str) -> HttpResponseBase:
    """All tickets of a booking that admit somebody, in one file of this form.

    Raises:
        FormNotKnownError: no such form, or none that holds several tickets where there are several.
        LiveCodeOnlyError: see `wanted_lines`.
        TicketsNotShownError: see `visible_order`; or no ticket admits anybody any more.
    """
    return _remembering(request, form, _file(request, visible_order(request, reference), WHOLE_ORDER, form))


@require_safe
def ticket_file(request: HttpRequest, reference: str, serial: int, form: str) -> HttpResponseBase:
    """One ticket of a booking in this form.

    Raises:
        FormNotKnownError: no such form.
        LiveCodeOnlyError: see `wanted_lines`.
        TicketsNotShownError: see `visible_order`; or that ticket admits nobody.
    """
    order = visible_order(request, reference)
    if not 0 < serial < 2**63:
        raise TicketsNotShownError
    return _remembering(request, form, _file(request, order, serial, form))


def _remembering(request: HttpRequest, form: str, response: HttpResponseBase) -> HttpResponseBase:
    """Propose this form first in this browser, for a year, if somebody chose it and this is the file."""
    is_file = response.status_code < HTTPStatus.BAD_REQUEST and "state" not in request.GET
    if is_file and TAKEN in request.GET and form != "ics":  # an entry in a calendar is no way in
        response.set_cookie(
            settings.FORM_COOKIE_NAME,
            form,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _file(request: HttpRequest, order: Order, serial: int, form: str) -> HttpResponseBase:
    wanted = FORMATS.get(form)
    if wanted is None:
        raise FormNotKnownError(form=form[:20])
    key = FileKey(order.event_id, order.id, serial, wanted.name, get_language() or "en")
    if wanted.is_heavy:
        where = FileAddress(key.event_id, order.booking_reference, key.serial, key.form, key.language)
        found = read_verb(find_kept(where))
        response = _hand_out(request, key, found.kept) if found else None
        if response is not None:
            return response
        place = place_to_wait(key, renderers())
        if place is not None:
            return _tell_place(request, order, key, place)
        if not _planning.acquire(blocking=False):
            return _come_again(request, order, key)
        try:
            digests = read_verb(digests_now(order.event_id, order.id))
            made, serials = _make(order, key, wanted)
        finally:
            _planning.release()
        if not isinstance(made, TicketFile):
            return _fetch(request, order, Wanted(key, made, digests, serials))
    else:
        made, serials = _make(order, key, wanted)
    return _hand_out_made(request, key, finished(made), serials)


def _make(order: Order, key: FileKey, form: FileFormat) -> tuple[TicketFile | PlannedFile, tuple[int, ...]]:
    """The file, or how it is to be drawn; and the tickets in it."""
    summary = summarize_order(order)
    lines = wanted_lines(summary, key.serial, form)
    made = form.make(FileWish(summary, lines, key.language, timezone.now(), poster_of(summary.event)))
    return made, tuple(line.ticket.serial for line in lines)


def _come_again(request: HttpRequest, order: Order, key: FileKey) -> HttpResponseBase:
    """Too many ask for the first time in one moment: no place yet, only the time that the queue needs by now."""
    seconds = max(1, min(FAILURE_REST_S, round(renderers().expected_wait_s())))
    if "state" in request.GET:
        return failed_state(RenderBusyError(retry_after_s=seconds))
    return waiting_page(request, order, _waiting(request, order, key), Wait(None, seconds))


def _fetch(request: HttpRequest, order: Order, wanted: Wanted) -> HttpResponseBase:
    """A heavy file: handed out if it is there, else where it stands in the queue."""
    is_question = "state" in request.GET
    try:
        found = fetch_file(wanted, renderers(), timezone.now(), is_patient=not is_question)
    except TmamError as error:
        if is_question:
            return failed_state(error)
        if not isinstance(error, RenderBusyError):
            raise
        return waiting_page(
            request, order, _waiting(request, order, wanted.key), Wait(None, error.retry_after_s)
        )
    if isinstance(found, Kept):
        response = _hand_out(request, wanted.key, found)
        if response is not None:
            return response
    else:
        return _tell_place(request, order, wanted.key, found)
    raise RenderBusyError(retry_after_s=1)  # deleted this very moment; the next try plans it anew


def _tell_place(request: HttpRequest, order: Order, key: FileKey, place: Place) -> HttpResponseBase:
    if "state" in request.GET:
        return queue_state(wait_at(place))
    return waiting_page(request, order, _waiting(request, order, key), wait_at(place))


def _waiting(request: HttpRequest, order: Order, key: FileKey) -> WaitingFile:
    query = request.META.get("QUERY_STRING", "")
    return WaitingFile(request.path, order.event_id, order.booking_reference, key.serial, query)


def _hand_out(request: HttpRequest, key: FileKey, kept: Kept) -> HttpResponseBase | None:
    """A kept file; None if the store has it no more."""
    store = renderers().store
    if "state" in request.GET:
        return ready_state() if store.size(kept.name) is not None else None
    if settings.TMAM.file_store_redirect:
        address = store.url_for(kept.name, ADDRESS_GOOD_FOR_S)
        if address is not None:
            _record(key, kept.serials)
            return HttpResponseRedirect(address, headers={"Cache-Control": "private, no-store"})

    def read(start: int, end: int) -> bytes | None:
        if (start, end) == (0, kept.size):
            return store.get(kept.name)
        return store.read(kept.name, start, end)

    offer = Offer(kept.saved_as, kept.media_type, kept.size, kept.sha256, read)
    return _offer(request, key, offer, kept.serials)


def _hand_out_made(
    request: HttpRequest, key: FileKey, file: TicketFile, serials: Sequence[int]
) -> HttpResponseBase:
    """A light file, made this moment."""
    if "state" in request.GET:
        return ready_state()
    content = file.content
    digest = hashlib.sha256(content).digest()
    offer = Offer(file.name, file.media_type, len(content), digest, lambda start, end: content[start:end])
    response = _offer(request, key, offer, serials)
    if response is None:
        raise AssertionError("content in memory cannot be gone")
    return response


def _offer(
    request: HttpRequest, key: FileKey, offer: Offer, serials: Sequence[int]
) -> HttpResponseBase | None:
    said = answer(
        offer,
        Asked(
            request.method or "GET",
            request.headers.get("Range", ""),
            request.headers.get("If-Range", ""),
            request.headers.get("If-None-Match", ""),
        ),
    )
    if said is None:
        return None
    if said.is_fetched:
        _record(key, serials)
    return HttpResponse(said.body, status=said.status, headers=dict(said.headers))


def _record(key: FileKey, serials: Sequence[int]) -> None:
    """Within a moment, together with others'; inside somebody's transaction at once, as a part of it."""
    if connection.in_atomic_block:
        run_verb(record_downloads(key.event_id, serials, key.form, timezone.now()))
    else:
        download_notes.add(key.event_id, serials, key.form, timezone.now())
