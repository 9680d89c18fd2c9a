"""The door for ticket files: whoever may have one is answered here, before Django's middleware begins.

Fifty thousand people who press the same button in a minute want files that were drawn before, light ones that are made
at once, or to hear where theirs stands in the queue. For those it takes the visitor's session, the order, the kept file
or the tickets (`files_at_door`); everything else about a request is Django's business: whatever is not exactly that (no
right to it, a session to be noted, any doubt) goes on to it, unanswered.

Who asks again within a second (a download that resumes in pieces, a second click) is given the same without asking the
database: an answer of a second ago is no older than what a public page shows. Rights to kept files that come with a link
are asked about again before that second is over, hundreds in one question, for as long as somebody presses again.

Who may see an order is asked where everybody asks (`web.me.access`), and a kept file is checked against the rows that it
shows (`fulfilment.kept_files`) each time.
"""

from __future__ import annotations

import functools
import json
import re
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any, TypeAlias

import structlog
from django.conf import settings
from django.db import Error, close_old_connections
from django.http import parse_cookie
from django.utils import timezone
from prometheus_client import Counter

from tmam.delivery.renderers import renderers
from tmam.fulfilment.formats import FORMATS, FileFormat
from tmam.fulfilment.kept_files import WHOLE_ORDER, FileAddress
from tmam.fulfilment.note_downloads import DownloadNotes, download_notes
from tmam.kernel.errors import TmamError
from tmam.kernel.ids import parse_booking_reference
from tmam.platform.brief_cache import BriefCache
from tmam.platform.metrics import FILES_FETCHED, REQUESTS, SECONDS
from tmam.platform.renewed_cache import RenewedCache
from tmam.web.me.file_answer import Asked, FileAnswer, answer
from tmam.web.me.file_waits import Wait, WaitingFile, waiting_headers, waiting_html
from tmam.web.me.files_at_door import Allowance, kept_file, made_or_waiting, still_allowed
from tmam.web.middleware import REQUEST_ID
from tmam.web.security_headers import security_headers
from tmam.web.visitor_language import language_of

Environ: TypeAlias = dict[str, Any]
StartResponse: TypeAlias = Callable[..., Any]
Application: TypeAlias = Callable[[Environ, StartResponse], Iterable[bytes]]

ADDRESS = re.compile(
    r"/me/orders/([0-9A-Za-z-]{1,20})/(?:tickets/([1-9][0-9]{0,17})/)?files/([a-z0-9_-]{1,20})/"
)
# A session's key as Django makes it; what else stands in the cookie is nobody's, and is not asked for.
SESSION_KEY = re.compile(r"[0-9a-z]{32}")
# What the button's script asks while a file waits: not for the file, only how it stands.
QUESTION = "state=1"
ROUTE = "me/orders/<reference>/files/<form>/ (door)"
log = structlog.get_logger("tmam.web")

_HANDED_OUT, _PASSED_ON = FILES_FETCHED.labels("kept"), FILES_FETCHED.labels("other")
_TOLD_TO_WAIT = FILES_FETCHED.labels("waits")
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
        self._is_redirecting = bool(settings.TMAM.file_store_redirect)
        self._session_cookie = settings.SESSION_COOKIE_NAME

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        started_at = time.perf_counter()
        match = ADDRESS.fullmatch(environ.get("PATH_INFO", ""))
        if match is None or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return self._application(environ, start_response)
        form = FORMATS.get(match[3])
        if form is None or (form.is_heavy and self._is_redirecting):
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
        query = environ.get("QUERY_STRING", "")
        cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
        session_key = cookies.get(self._session_cookie, "")
        if SESSION_KEY.fullmatch(session_key) is None or query not in {"", QUESTION}:
            return None
        language = language_of(environ, cookies)
        asked_for = (session_key, match[0], language)
        allowed = standing_allowances.get(asked_for) or _allowances.get(asked_for)
        if allowed is None:
            at = time.monotonic()
            parsed = parse_booking_reference(match[1])
            if parsed is None:
                return None
            where = FileAddress(*parsed, int(match[2] or WHOLE_ORDER), form.name, language)
            found = _find(session_key, where, form, is_question=bool(query))
            if isinstance(found, Wait):
                return _told_to_wait(
                    environ,
                    WaitingFile(match[0], where.event_id, where.reference, where.serial),
                    found,
                    language,
                )
            if found is None:
                return None
            allowed = found
            cache = standing_allowances if allowed.grounds else _allowances
            cache.put(asked_for, allowed, at)
        return _told_how_it_stands(allowed) if query else self._hand_out(environ, allowed, form)

    def _hand_out(self, environ: Environ, allowed: Allowance, form: FileFormat) -> FileAnswer | None:
        said = answer(allowed.offer, _asked(environ))
        if said is not None:
            _HANDED_OUT.inc()
            if said.is_fetched:
                self._notes.add(allowed.event_id, allowed.serials, form.name, timezone.now())
        return said

    def _tell(
        self, said: FileAnswer, environ: Environ, start_response: StartResponse, started_at: float
    ) -> list[bytes]:
        given, method = environ.get("HTTP_X_REQUEST_ID", ""), environ["REQUEST_METHOD"]
        request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        headers = [*said.headers.items(), *self._headers, ("X-Request-Id", request_id)]
        start_response(f"{said.status.value} {said.status.phrase}", headers)
        _answered(method, said.status).inc()
        _SECONDS.observe(time.perf_counter() - started_at)
        return [said.body] if said.body and method == "GET" else []


def _still_stand(allowances: Sequence[Allowance]) -> list[bool]:
    try:
        return still_allowed([each.grounds for each in allowances])
    except Error:
        log.warning("allowances_without_database")
        close_old_connections()
        return [False] * len(allowances)


AskedFor: TypeAlias = tuple[str, str, str]
KEPT_S = 1.0
# By session, address and language. A light file is kept whole for its second: 11 kB a ticket, at most 200 tickets.
_allowances: BriefCache[AskedFor, Allowance] = BriefCache(KEPT_S, most=1_000)
# Those with grounds, which hold no bytes. A file is pressed again within seconds or not soon.
standing_allowances: RenewedCache[AskedFor, Allowance] = RenewedCache(
    KEPT_S, 10_000, _still_stand, asked_within_s=3.0
)


def _find(
    session_key: str, where: FileAddress, form: FileFormat, *, is_question: bool
) -> Allowance | Wait | None:
    kept = kept_file(session_key, where) if form.is_heavy else None
    return kept or made_or_waiting(session_key, where, form, is_question=is_question)


def _told_to_wait(environ: Environ, file: WaitingFile, wait: Wait, language: str) -> FileAnswer | None:
    """In a page or, for the button's script, in JSON; programs that want a problem in JSON hear it from Django."""
    if environ.get("QUERY_STRING"):
        said = _in_json(wait.state, {"Retry-After": str(wait.look_again_s)})
    elif "json" in environ.get("HTTP_ACCEPT", ""):
        return None
    else:
        page = waiting_html(file, wait, language)
        headers = waiting_headers(wait) | {"Content-Language": language, "Content-Length": str(len(page))}
        said = FileAnswer(HTTPStatus.SERVICE_UNAVAILABLE, headers, page)
    _TOLD_TO_WAIT.inc()
    return said


def _told_how_it_stands(allowed: Allowance) -> FileAnswer | None:
    if allowed.name and renderers().store.size(allowed.name) is None:
        return None
    return _in_json({"state": "ready"}, {})


def _in_json(said: dict[str, object], headers: dict[str, str]) -> FileAnswer:
    body = json.dumps(said).encode()
    about = {"Content-Type": "application/json", "Cache-Control": "private, no-store"}
    return FileAnswer(HTTPStatus.OK, about | headers | {"Content-Length": str(len(body))}, body)


def _asked(environ: Environ) -> Asked:
    return Asked(
        environ["REQUEST_METHOD"],
        environ.get("HTTP_RANGE", ""),
        environ.get("HTTP_IF_RANGE", ""),
        environ.get("HTTP_IF_NONE_MATCH", ""),
    )
