"""What every request passes through: its id and log context, language, domain errors. See also `security_headers`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from http import HTTPStatus

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from tmam.kernel.errors import TmamError
from tmam.platform.errors import BadRequestError, MethodNotAllowedError
from tmam.web.problems import error_response

GetResponse = Callable[[HttpRequest], HttpResponse]
MOST_QUERY_FIELDS = 200
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestContextMiddleware:
    """Gives each request an id (the front's, or a new one), for the log, the answer and the error page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        is_endless = query.count("&") >= MOST_QUERY_FIELDS
        if is_endless:
            request.META["QUERY_STRING"] = ""  # nobody after us, the error page least of all, is to read it
        given = request.headers.get("X-Request-Id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        request.META["tmam.request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        if is_endless:
            response = error_response(request, BadRequestError(where="address"))
        else:
            response = self.get_response(request)
        response.headers["X-Request-Id"] = request_id
        return response


class LanguageMiddleware:
    """The language: of the path on public pages (`/es/…`), else the visitor's choice, else the browser's.

    Public pages vary by nothing but their address, so any cache may hold them; personal pages read the
    language cookie and `Accept-Language`. A link from a public page brings its language along
    (`/me/tickets/?language=es`), and it is remembered, except beside an answer that caches share.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.codes = {code for code, _ in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        first = request.path.split("/", 2)[1]
        in_path = first in self.codes
        brought = None if in_path else request.GET.get("language")
        if brought not in self.codes:
            brought = None
        language = first if in_path else brought or translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        if brought and not _is_public(response):
            remember_language(response, brought)
        response.headers.setdefault("Content-Language", language)
        return response


def _is_public(response: HttpResponse) -> bool:
    directives = response.headers.get("Cache-Control", "").split(",")
    return "public" in {each.strip().lower() for each in directives}


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep the visitor's choice for personal pages."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class DomainErrorMiddleware:
    """Turns a domain error that a view let pass, or Django's bare 405, into its page or problem document."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.streaming or response.content:
            return response
        answer = error_response(request, MethodNotAllowedError())
        answer.headers["Allow"] = response.headers.get("Allow", "")
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer domain errors; anything else goes on to the 500 handler."""
        return error_response(request, exception) if isinstance(exception, TmamError) else None
