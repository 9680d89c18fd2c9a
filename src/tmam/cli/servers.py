"""`tmam web` and `tmam hot`: the two servers behind the front, in the foreground."""

from __future__ import annotations

import os

from tmam.cli.operator_error import OperatorError
from tmam.platform.embedded_postgres import LOOPBACK, free_port
from tmam.platform.logs import configure_logs
from tmam.platform.settings import Settings

BACKLOG = 1024
STOP_PATIENCE_S = 10
# Above the queues of the hot shell, which say 503 when they are full.
MOST_REQUESTS_AT_ONCE = 10_000


def run_web(settings: Settings) -> None:
    """Serve the product's pages: Granian, WSGI, one process with `TMAM_WEB_THREADS` threads."""
    from granian.constants import Interfaces
    from granian.server import Server

    _need_database(settings)
    configure_logs(settings.log_format)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tmam.web.settings")
    Server(
        "tmam.web.wsgi:application",
        address=LOOPBACK,
        port=settings.web_port or free_port(),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.web_threads,
        backlog=BACKLOG,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_PATIENCE_S,
        log_enabled=False,
    ).serve()


def run_hot(settings: Settings) -> None:
    """Serve the hot shell: Granian, RSGI on uvloop, one process, for sales and scans alike."""
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.server import Server

    _need_database(settings)
    configure_logs(settings.log_format)
    Server(
        "tmam.hot.server:app",
        address=LOOPBACK,
        port=settings.hot_port or free_port(),
        interface=Interfaces.RSGI,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        workers=1,
        runtime_threads=1,
        backlog=BACKLOG,
        backpressure=MOST_REQUESTS_AT_ONCE,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_PATIENCE_S,
        log_enabled=False,
    ).serve()


def _need_database(settings: Settings) -> None:
    if not settings.database_url:
        raise OperatorError(
            "DATABASE_URL is not set; `tmam up` starts the embedded database and all servers together."
        )
