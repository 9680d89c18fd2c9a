"""Addresses for machines that look after us: `/healthz`, `/readyz`, `/metrics`."""

from __future__ import annotations

import hmac
from http import HTTPStatus

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tmam.platform.clients import is_on_this_machine
from tmam.platform.errors import ForbiddenError
from tmam.platform.heartbeat import WORKER, is_alive
from tmam.platform.metrics import CONTENT_TYPE, render_metrics

MIGRATED_KEPT_S = 60


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process is alive and answers."""
    del request
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether everything that a sale needs is there: 200, or 503 with what is missing."""
    del request
    checks = _checks()
    status = HTTPStatus.OK if all(checks.values()) else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(
        {"ready": status == HTTPStatus.OK, "checks": checks},
        status=status,
        headers={"Cache-Control": "no-store"},
    )


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus; with the bearer token, or for clients on this machine where none is set.

    In production the token is needed: behind an operator's own proxy every client seems to be on this machine.

    Raises:
        ForbiddenError: neither.
    """
    if not _may_see_metrics(request):
        raise ForbiddenError
    return HttpResponse(render_metrics(), content_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _may_see_metrics(request: HttpRequest) -> bool:
    token = settings.TMAM.metrics_token
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    return settings.TMAM.mode != "production" and is_on_this_machine(request)


def _checks() -> dict[str, bool]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return {"database": True, "migrations": _is_migrated(), "worker": is_alive(WORKER, timezone.now())}
    except DatabaseError:
        return {"database": False, "migrations": False, "worker": False}


def _is_migrated() -> bool:
    """Whether the tables fit this program. A yes stays true while this process lives, so it is kept for a minute."""
    if caches["process"].get("tmam.is_migrated"):
        return True
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    if is_migrated:
        caches["process"].set("tmam.is_migrated", value=True, timeout=MIGRATED_KEPT_S)
    return is_migrated
