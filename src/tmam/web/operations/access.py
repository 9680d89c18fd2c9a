"""One log line and one measurement for each request."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from tmam.platform.metrics import REQUESTS, SECONDS

log = structlog.get_logger("tmam.access")
QUIET = {"/healthz", "/readyz", "/metrics"}
# The client chooses the word; each one in a label would be a time series kept for ever.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
GetResponse = Callable[[HttpRequest], HttpResponse]


class AccessMiddleware:
    """Stands right below the request's id, so that it sees every answer, error pages included.

    The query is left out of the log: it can hold what people typed, and signed links.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started_at = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - started_at
        route = request.resolver_match.route if request.resolver_match else "none"
        request.META["tmam.route"] = route  # for `tmam.web.page_cache`, which answers later requests itself
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, route, str(response.status_code)).inc()
        SECONDS.labels(route).observe(seconds)
        if request.path not in QUIET:
            log.info(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
        return response
