"""`tmam web` and `tmam hot`: the two servers behind the front, in the foreground."""

from __future__ import annotations

import gc
import os

from tmam.cli.operator_error import OperatorError
from tmam.platform.embedded_postgres import LOOPBACK, free_port
from tmam.platform.logs import configure_logs
from tmam.platform.settings import Settings

BACKLOG = 1024
STOP_PATIENCE_S = 10


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
    """Serve the hot shell: uvicorn on uvloop with httptools, one process."""
    import uvicorn

    _need_database(settings)
    configure_logs(settings.log_format)
    _collect_garbage_rarely()
    uvicorn.run(
        "tmam.hot.app:app",
        host=LOOPBACK,
        port=settings.hot_port or free_port(),
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=STOP_PATIENCE_S,
    )


def _collect_garbage_rarely() -> None:
    """Requests make no cycles worth looking for every 700 allocations; what is imported now stays anyway."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _need_database(settings: Settings) -> None:
    if not settings.database_url:
        raise OperatorError(
            "DATABASE_URL is not set; `tmam up` starts the embedded database and all servers together."
        )
