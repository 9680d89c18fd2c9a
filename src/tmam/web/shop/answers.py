"""Answers of public pages: an ETag, so that a cache that asks again is told "unchanged" in a few bytes."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response


def with_etag(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response with an ETag of its bytes, or 304 if the client has just these."""
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:24]}"'
    response.headers["ETag"] = etag
    unchanged = get_conditional_response(request, etag, None, response)
    return unchanged if isinstance(unchanged, HttpResponse) else response
