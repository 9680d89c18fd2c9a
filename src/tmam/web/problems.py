"""How errors leave: an HTML page for people, a problem document (RFC 9457) for programs; same code, same words."""

from __future__ import annotations

import json

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from tmam.catalog.errors import LogoTooLargeError
from tmam.catalog.logos import MOST_UPLOAD_BYTES
from tmam.kernel.errors import TmamError
from tmam.platform import errors
from tmam.platform.error_words import words_for
from tmam.web.uploads import UploadTooLargeError

log = structlog.get_logger("tmam.web")
# The wallet app's and the iPhones' interfaces; whatever they say they accept, they show no page.
FOR_PROGRAMS = ("/wallet/api/", "/wallets/apple/")


def error_response(request: HttpRequest, error: TmamError) -> HttpResponse:
    """The answer for a domain error, in the form the client asked for."""
    language = get_language() or "en"
    words = words_for(error, language)
    status = type(error).status
    if wants_json(request):
        body = {
            "type": settings.SITE_ORIGIN + help_path(error.code, language),
            "title": words.title,
            "status": status,
            "detail": words.summary,
            "code": error.code,
            **error.facts(),
        }
        response = HttpResponse(
            json.dumps(body, default=str, ensure_ascii=False),
            status=status,
            content_type="application/problem+json",
        )
    else:
        context = {
            "words": words,
            "error": error,
            "status": status,
            "help_path": help_path(error.code, language),
        }
        response = render(request, "help/problem.html", context, status=status)
    seconds = error.retry_after(timezone.now())
    if seconds is not None:
        response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


def help_path(code: str, language: str) -> str:
    """The address of a code's help page."""
    return f"/{language.partition('-')[0]}/help/errors/{code}/"


def wants_json(request: HttpRequest) -> bool:
    """Whether the client prefers a machine's answer: it asks for JSON and not for HTML, or only programs come here."""
    if request.path.startswith(FOR_PROGRAMS):
        return True
    accept = request.headers.get("Accept", "")
    return "json" in accept and "text/html" not in accept


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400: unreadable or oversized requests."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        # Anybody may send it: nothing is wrong with us, and Django's own line with its traceback is off (`platform.logs`).
        log.info(
            "body_refused",
            reason=type(exception).__name__,
            length=str(request.META.get("CONTENT_LENGTH") or "")[:20],
        )
    if isinstance(exception, UploadTooLargeError):
        return error_response(request, LogoTooLargeError(limit_kb=MOST_UPLOAD_BYTES // 1000))
    if isinstance(exception, RequestDataTooBig):
        return error_response(request, errors.TooLargeError())
    if isinstance(exception, TooManyFieldsSent):
        return error_response(request, errors.TooManyFieldsError(most=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS))
    if isinstance(exception, TooManyFilesSent):
        return error_response(request, errors.TooManyFieldsError(most=settings.DATA_UPLOAD_MAX_NUMBER_FILES))
    return error_response(request, errors.BadRequestError(where="request"))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    del exception
    return error_response(request, errors.ForbiddenError())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    del exception
    return error_response(request, errors.NotFoundError())


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: a bug. The page gives the request id to quote; the log has the rest."""
    return error_response(request, errors.UnexpectedError(request_id=request.META.get("tmam.request_id", "")))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token. One that is too large would not have been read either, so it hears that."""
    log.info("csrf_refused", reason=reason)
    # Without a cookie the body is not even looked at. Files (multipart) may be larger, and are not read here to know.
    length = str(request.META.get("CONTENT_LENGTH") or "")
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if request.content_type != "multipart/form-data" and length.isdigit() and int(length) > limit:
        return error_response(request, errors.TooLargeError())
    return error_response(request, errors.CrossSiteError())
