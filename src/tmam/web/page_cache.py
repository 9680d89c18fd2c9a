"""Public pages kept in the product server for as long as any cache may hold them: a second, mostly.

Stands in front of Django (`tmam.web.wsgi`). What a kept page depends on is its key and nothing else, by construction:
Django is shown a request without cookies, languages, addresses or any other header that is not in `SHOWN_HEADERS`.
An answer that needed the whole request after all (it is not public, sets a cookie, or varies) is made anew from it
and never kept. A thousand requests for a page that is not there render it once. Kept answers are counted as Django's are,
but not logged one by one, just as those of a cache further out would not be.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.http import parse_etags

from tmam.platform.metrics import PAGE_CACHE, REQUESTS, SECONDS
from tmam.web.middleware import REQUEST_ID
from tmam.web.page_store import Flight, Headers, KeptPage, Key, PageStore

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PAGES_MAX = 2_000
BYTES_MAX = 32 * 1024 * 1024
PAGE_BYTES_MAX = 512 * 1024
ADDRESS_CHARS_MAX = 2_000  # a longer address is answered, not kept
LONGEST_S = 60.0
WAIT_S = 20.0  # for somebody else's rendering; statements end after 15 s
# What Django may see of a request for a public page. Accept decides in which form an error is told, and errors are not kept.
SHOWN_HEADERS = frozenset({"HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REQUEST_ID", "HTTP_ACCEPT"})
OF_ONE_REQUEST = frozenset({"x-request-id", "date", "age"})
_MAX_AGE = re.compile(r"max-age=([0-9]{1,9})")


@dataclass(frozen=True)
class Answer:
    """What Django answered, read whole."""

    status: str
    headers: Headers
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, or nothing."""
        return next((value for each, value in self.headers if each.lower() == name), "")

    @property
    def is_error(self) -> bool:
        """Whether it is an error page; those depend on nothing but the address and `Accept`."""
        return self.status >= "400"

    @property
    def keep_s(self) -> float:
        """For how long it may be kept; 0: not at all."""
        directives = {each.strip() for each in self.header("cache-control").lower().split(",")}
        max_age = next(filter(None, map(_MAX_AGE.fullmatch, directives)), None)
        is_shareable = "public" in directives and not directives & {"private", "no-store", "no-cache"}
        has_more = any(self.header(name) for name in ("set-cookie", "vary", "content-encoding"))
        if (
            not self.status.startswith("200 ")
            or not is_shareable
            or has_more
            or len(self.body) > PAGE_BYTES_MAX
        ):
            return 0.0
        return min(float(max_age[1]), LONGEST_S) if max_age else 0.0


class PageCache:
    """A WSGI application that answers for another one from what it kept of it."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        pages_max: int = PAGES_MAX,
        bytes_max: int = BYTES_MAX,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.application = application
        self.store = PageStore(pages_max=pages_max, bytes_max=bytes_max, clock=clock)
        self.languages = tuple(f"/{code}/" for code, _ in settings.LANGUAGES)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started_at = time.perf_counter()
        key = self._key(environ)
        if key is None:
            return self.application(environ, start_response)
        found = self.store.find(key)
        if isinstance(found, Flight):
            found.landed.wait(WAIT_S)
            if found.page is None:
                return self.application(environ, start_response)
            found = found.page
        if found is None:
            return self._make(key, environ, start_response)
        return self._answer_kept(found, environ, start_response, started_at)

    def _key(self, environ: WSGIEnvironment) -> Key | None:
        """What a public page depends on; None: this is not a request for one."""
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        if (
            environ["REQUEST_METHOD"] not in {"GET", "HEAD"}
            or not path.startswith(self.languages)
            or len(path) + len(query) > ADDRESS_CHARS_MAX
        ):
            return None
        host, scheme = environ.get("HTTP_HOST", ""), environ.get("HTTP_X_FORWARDED_PROTO", "")
        if len(host) + len(scheme) > ADDRESS_CHARS_MAX:
            return None
        return host, scheme, environ.get("wsgi.url_scheme", ""), environ.get("SCRIPT_NAME", ""), path, query

    def _make(self, key: Key, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        page: KeptPage | None = None
        try:
            shown = {name: value for name, value in environ.items() if _is_shown(name)}
            answer = _ask(self.application, shown)
            page = self._page(answer, shown)
        finally:
            self.store.land(key, page)
        PAGE_CACHE.labels("kept" if page else "not_kept").inc()
        if page is None and not answer.is_error:
            return self.application(environ, start_response)
        if page is not None and _has_already(page, environ):
            start_response("304 Not Modified", _bare(answer.headers))
            return []
        start_response(answer.status, list(answer.headers))
        return [answer.body] if environ["REQUEST_METHOD"] == "GET" else []

    def _page(self, answer: Answer, environ: WSGIEnvironment) -> KeptPage | None:
        keep_s = answer.keep_s
        if not keep_s:
            return None
        now = self.store.clock()  # an age counts from the answer, so a busy server profits most
        return KeptPage(
            headers=tuple(each for each in answer.headers if each[0].lower() not in OF_ONE_REQUEST),
            body=answer.body,
            etag=answer.header("etag"),
            route=environ.get("tmam.route", "none"),
            kept_at=now,
            until=now + keep_s,
        )

    def _answer_kept(
        self, page: KeptPage, environ: WSGIEnvironment, start_response: StartResponse, started_at: float
    ) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        age_s = max(0, int(self.store.clock() - page.kept_at))
        headers = [*page.headers, ("X-Request-Id", request_id), ("Age", str(age_s))]
        body = [page.body] if method == "GET" else []
        if _has_already(page, environ):
            status, headers, body = "304 Not Modified", _bare(headers), []
        else:
            status = "200 OK"
        start_response(status, headers)
        seconds = time.perf_counter() - started_at
        PAGE_CACHE.labels("hit").inc()
        REQUESTS.labels(method, page.route, status[:3]).inc()
        SECONDS.labels(page.route).observe(seconds)
        return body


def _is_shown(name: str) -> bool:
    return name in SHOWN_HEADERS or not name.startswith("HTTP_")


def _ask(application: WSGIApplication, environ: dict[str, Any]) -> Answer:
    told: list[tuple[str, Headers]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], object]:
        del exc_info
        told.append((status, tuple(headers)))
        return lambda _: None

    parts = application(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()  # Django's signal that the request is over: database connections go back
    status, headers = told[-1]
    return Answer(status, headers, body)


def _has_already(page: KeptPage, environ: WSGIEnvironment) -> bool:
    """Whether the client says it has just this page."""
    asked = environ.get("HTTP_IF_NONE_MATCH", "")
    if not asked or not page.etag:
        return False
    etags = parse_etags(asked)
    return etags == ["*"] or page.etag.removeprefix("W/") in {each.removeprefix("W/") for each in etags}


def _bare(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [each for each in headers if each[0].lower() not in {"content-type", "content-length"}]
