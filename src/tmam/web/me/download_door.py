"""The door for files that need no waiting: they are handed out before Django's middleware begins.

Fifty thousand people who press the same button in a minute want files that were drawn before, or light ones that are
made at once. For those it takes the visitor's session, the order, the kept file or the tickets; everything else about a
request is Django's business: whatever is not exactly that (no file yet, no right to it, a session to be noted, any
doubt) goes on to it, unanswered.

Who asks again within a second (a download that resumes in pieces, a second click) is given the same without asking the
database: an answer of a second ago is no older than what a public page shows.

Who may see an order is asked where everybody asks (`web.me.access`), and a kept file is checked against the rows that it
shows (`fulfilment.kept_files`) each time.
"""

from __future__ import annotations

import functools
import hashlib
import re
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeAlias

import structlog
from django.conf import settings
from django.contrib.auth import get_user
from django.db import Error, close_old_connections
from django.http import HttpRequest, parse_cookie
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from prometheus_client import Counter

from tmam.delivery.renderers import renderers
from tmam.fulfilment.files import TicketFile
from tmam.fulfilment.formats import FORMATS, FileFormat, FileWish
from tmam.fulfilment.kept_files import WHOLE_ORDER, FileAddress, Kept, KeptOf, kept_if_good, look_for_kept
from tmam.fulfilment.note_downloads import DownloadNotes, download_notes
from tmam.kernel.errors import TmamError
from tmam.kernel.ids import parse_booking_reference
from tmam.orders.models import Order
from tmam.orders.order_summary import summarize_briefly
from tmam.platform.brief_cache import BriefCache
from tmam.platform.metrics import FILES_FETCHED, REQUESTS, SECONDS
from tmam.platform.statements import Verb, both_of, read_verb, statement
from tmam.web.account.sessions.limits import SIGNED_IN_AT, is_to_be_noted
from tmam.web.account.sessions.store import SessionStore
from tmam.web.me.access import Stopped, may_see
from tmam.web.me.decoration import poster_of
from tmam.web.me.file_answer import Asked, FileAnswer, Offer, answer
from tmam.web.me.wanted_lines import wanted_lines
from tmam.web.middleware import REQUEST_ID
from tmam.web.security_headers import security_headers
from tmam.web.visitor_language import language_of

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., Any]
Application: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]

ADDRESS = re.compile(r"/me/orders/([0-9A-Za-z-]{1,20})/(?:tickets/([0-9]{1,18})/)?files/([a-z0-9_-]{1,20})/")
ROUTE = "me/orders/<reference>/files/<form>/ (door)"
_SESSION = statement("tmam.web", "session_data")
log = structlog.get_logger("tmam.web")

_HANDED_OUT, _PASSED_ON = FILES_FETCHED.labels("kept"), FILES_FETCHED.labels("other")
_SECONDS = SECONDS.labels(ROUTE)


@functools.cache
def _answered(method: str, status: HTTPStatus) -> Counter:
    """The counter of such answers; a handful."""
    return REQUESTS.labels(method, ROUTE, str(status.value))


class DownloadDoor:
    """A WSGI application around the product's own."""

    def __init__(self, application: Application, notes: DownloadNotes = download_notes) -> None:
        self._application, self._notes = application, notes
        self._headers = list(security_headers("/me/", is_secure=not settings.TMAM.is_loopback).items())

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        started_at = time.perf_counter()
        match = ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
        if match is None or environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("QUERY_STRING"):
            return self._application(environ, start_response)
        form = FORMATS.get(match[3])
        if form is None or (form.is_heavy and settings.TMAM.file_store_redirect):
            return self._application(environ, start_response)
        try:
            said = self._answer(environ, match, form)
        except Error:
            log.warning("download_door_without_database")
            close_old_connections()
            said = None
        except TmamError:
            said = None  # Django says it in words
        if said is None:
            _PASSED_ON.inc()
            return self._application(environ, start_response)
        return self._tell(said, environ, start_response, started_at)

    def _answer(self, environ: Environ, match: re.Match[str], form: FileFormat) -> FileAnswer | None:
        session_key = parse_cookie(environ.get("HTTP_COOKIE", "")).get(settings.SESSION_COOKIE_NAME)
        if not session_key:
            return None
        language = language_of(environ)
        asked_for = (session_key, match[0], language)
        allowed = _allowances.get(asked_for)
        if allowed is None:
            at = time.monotonic()
            parsed = parse_booking_reference(match[1])
            if parsed is None:
                return None
            where = FileAddress(*parsed, int(match[2] or WHOLE_ORDER), form.name, language)
            allowed = _kept(session_key, where) if form.is_heavy else _made(session_key, where, form)
            if allowed is None:
                return None
            _allowances.put(asked_for, allowed, at)
        said = answer(allowed.offer, _asked(environ))
        if said is not None and said.is_fetched:
            self._notes.add(allowed.event_id, allowed.serials, form.name, timezone.now())
        return said

    def _tell(
        self, said: FileAnswer, environ: Environ, start_response: StartResponse, started_at: float
    ) -> list[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        headers = [*said.headers.items(), *self._headers, ("X-Request-Id", request_id)]
        start_response(f"{said.status.value} {said.status.phrase}", headers)
        _HANDED_OUT.inc()
        _answered(environ["REQUEST_METHOD"], said.status).inc()
        _SECONDS.observe(time.perf_counter() - started_at)
        return [said.body] if said.body else []


@dataclass(frozen=True)
class Allowance:
    """A file that this visitor may have, with the tickets in it."""

    offer: Offer
    event_id: int
    serials: Sequence[int]


# By session, address and language. A light file is kept whole for its second: 11 kB a ticket, at most 200 tickets.
_allowances: BriefCache[tuple[str, str, str], Allowance] = BriefCache(kept_s=1.0, most=1_000)


def _kept(session_key: str, where: FileAddress) -> Allowance | None:
    looked = read_verb(_look(session_key, where, timezone.now()))
    if looked is None:
        return None
    session_data, found = looked
    visitor = _visitor(session_key, session_data)
    order = Order(event_id=where.event_id, id=found.order_id, email=found.email)
    if visitor is None or not may_see(visitor, order, Stopped(found.links_stopped_at)):
        return None
    return Allowance(_offer(found.kept), where.event_id, found.kept.serials)


def _look(session_key: str, where: FileAddress, now: datetime) -> Verb[tuple[str, KeptOf] | None]:
    """What the session holds, and the kept file: both are asked for in one question."""
    look, arguments = look_for_kept(where)
    rows = yield both_of(_SESSION, look), (session_key, now, *arguments)
    if not rows:
        return None
    session_data, *row = rows[0]
    found = yield from kept_if_good(where, tuple(row))
    return (session_data, found) if found else None


def _made(session_key: str, where: FileAddress, form: FileFormat) -> Allowance | None:
    session_data = read_verb(_session_data(session_key, timezone.now())) if form.is_offered() else None
    visitor = _visitor(session_key, session_data) if session_data is not None else None
    if visitor is None:
        return None
    order = Order.objects.filter(event_id=where.event_id, booking_reference=where.reference).first()
    if order is None or not may_see(visitor, order):
        return None
    summary = summarize_briefly(order)
    lines = wanted_lines(summary, where.serial, form)
    wish = FileWish(summary, lines, where.language, timezone.now(), poster_of(summary.event))
    made = form.make(wish)
    if not isinstance(made, TicketFile):
        return None
    content = made.content
    digest = hashlib.sha256(content).digest()
    offer = Offer(made.name, made.media_type, len(content), digest, lambda start, end: content[start:end])
    return Allowance(offer, where.event_id, [line.ticket.serial for line in lines])


def _visitor(session_key: str, session_data: str) -> HttpRequest | None:
    """Who asks, as far as `may_see` wants to know; None: to be noted by Django first."""
    request = HttpRequest()
    request.session = SessionStore.holding(session_key, session_data)
    if SIGNED_IN_AT in request.session and is_to_be_noted(request.session, timezone.now()):
        return None
    request.user = SimpleLazyObject(lambda: get_user(request))  # type: ignore[assignment]
    return request


def _session_data(session_key: str, now: datetime) -> Verb[str | None]:
    rows = yield _SESSION, (session_key, now)
    return rows[0][0] if rows else None


def _offer(kept: Kept) -> Offer:
    store = renderers().store

    def read(start: int, end: int) -> bytes | None:
        if (start, end) == (0, kept.size):
            return store.get(kept.name)
        return store.read(kept.name, start, end)

    return Offer(kept.saved_as, kept.media_type, kept.size, kept.sha256, read)


def _asked(environ: Environ) -> Asked:
    return Asked(
        environ["REQUEST_METHOD"],
        environ.get("HTTP_RANGE", ""),
        environ.get("HTTP_IF_RANGE", ""),
        environ.get("HTTP_IF_NONE_MATCH", ""),
    )
