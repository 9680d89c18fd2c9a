"""`tmam up`: the whole product on one machine, kept running until Ctrl-C.

Database → tables, words, static files, demo season → front, product server, hot shell and worker → one screen.
Everything it starts ends with it, however it ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import msgspec

from tmam.cli.database import check_database, embedded_server, set_up_django
from tmam.cli.demo import KeptCast, close_demo_logins, prepare_demo
from tmam.cli.front_pages import write_front_pages
from tmam.cli.migrate import migrate
from tmam.cli.operator_error import OperatorError
from tmam.cli.readiness import wait_until_ready
from tmam.cli.screen import print_screen
from tmam.cli.static_files import gather_static_files
from tmam.platform.embedded_postgres import PostgresServer, free_port
from tmam.platform.front import Front, caddy_program, can_listen
from tmam.platform.logs import configure_logs
from tmam.platform.processes.spawn import spawn
from tmam.platform.processes.supervisor import Program, StopAskedError, Supervisor
from tmam.platform.settings import Settings
from tmam.platform.state_folder import locked_state_folder, log_path, open_log
from tmam.platform.translations import compile_translations


def run_up(settings: Settings) -> None:
    """Start everything, print one screen, look after it until asked to stop.

    Raises:
        OperatorError: with one sentence why it cannot start.
    """
    started_at = time.monotonic()
    with locked_state_folder(settings.state):
        _check_port(settings)
        supervisor = Supervisor(_say)
        with supervisor.listening():
            try:
                settings = _start_database(settings, supervisor)
                supervisor.check_stop()
                cast, front = _prepare(settings)
                supervisor.check_stop()
                _start_programs(settings, front, supervisor)
                wait_until_ready(settings, supervisor)
                print_screen(settings, cast, front, seconds=time.monotonic() - started_at)
                supervisor.run()
            except StopAskedError:
                pass
            finally:
                print("\nStopping …", flush=True)
                supervisor.stop_all()
    print("Stopped; all data is kept.", flush=True)


def _say(sentence: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {sentence}", flush=True)


def _check_port(settings: Settings) -> None:
    addresses = ("127.0.0.1", "::1") if settings.is_loopback else ("0.0.0.0",)  # noqa: S104 - asked for by HOST=
    if settings.port < 1024 and os.geteuid() != 0 and not can_listen(addresses[0], settings.port):
        raise OperatorError(
            f"Port {settings.port} needs root or a free port; choose another, for example PORT=8000."
        )
    if not can_listen(addresses[0], settings.port) or (
        settings.is_loopback and can_listen("::1", 0) and not can_listen("::1", settings.port)
    ):
        raise OperatorError(
            f"Port {settings.port} is already in use; stop what uses it or choose another, for example PORT={settings.port + 1}."
        )


def _start_database(settings: Settings, supervisor: Supervisor) -> Settings:
    """Start or check the database; returns the settings that everything else runs with, also as the environment."""
    if settings.database_url:
        check_database(settings.database_url)
    else:
        server = embedded_server(settings.state)
        if not (settings.state / "postgres").exists():
            _say("Making the database (first time only) …")
        supervisor.add(Program("the database", server.start, PostgresServer.stop_signal))
        server.make_database()
        settings = msgspec.structs.replace(settings, database_url=server.dsn())
    settings = msgspec.structs.replace(
        settings, web_port=settings.web_port or free_port(), hot_port=settings.hot_port or free_port()
    )
    os.environ["DATABASE_URL"] = settings.database_url
    os.environ["TMAM_WEB_PORT"], os.environ["TMAM_HOT_PORT"] = str(settings.web_port), str(settings.hot_port)
    return settings


def _prepare(settings: Settings) -> tuple[KeptCast | None, Front]:
    """Everything that must be true before the first request."""
    log = log_path(settings.state, "up").open("a", encoding="utf-8")
    configure_logs(settings.log_format, stream=log)
    set_up_django()
    from django.conf import settings as django_settings

    from tmam.web.security_headers import security_headers

    for folder in django_settings.LOCALE_PATHS:
        compile_translations(Path(folder))
    if migrate(settings.database_url):
        _say("The tables are up to date.")
    static = Path(django_settings.STATIC_ROOT)
    gather_static_files(static)
    cast = prepare_demo(settings) if settings.mode == "demo" else None
    if close_demo_logins(settings):
        _say("The logins of the demo season, which is in this database, were closed.")
    front = Front(
        settings,
        static,
        languages=[code for code, _ in django_settings.LANGUAGES],
        page_headers=security_headers(is_secure=not settings.is_loopback),
    )
    return cast, front


def _start_programs(settings: Settings, front: Front, supervisor: Supervisor) -> None:
    def ours(name: str, command: str) -> Program:
        def start() -> subprocess.Popen[bytes]:
            with _log(settings, command) as log:
                return spawn([sys.executable, "-m", "tmam.cli", command], env=os.environ, output=log)

        return Program(name, start)

    def start_front() -> subprocess.Popen[bytes]:
        arguments = ["run", "--adapter", "caddyfile", "--config", str(front.folder / "Caddyfile")]
        with _log(settings, "front") as log:
            return spawn([caddy_program(), *arguments], env=front.environment(), output=log)

    supervisor.add(ours("the product server", "web"))
    supervisor.add(ours("the hot shell", "hot"))
    supervisor.add(ours("the worker", "worker"))
    # The others are starting: time to draw the pages that the front shows when they are away.
    front.write_config()
    write_front_pages(settings, front.pages, front.languages)
    _forget_connections()
    supervisor.add(Program("the front", start_front))


def _forget_connections() -> None:
    """We watch from here on and ask the database nothing more."""
    from django.db import connections

    connections.close_all()


def _log(settings: Settings, name: str) -> IO[bytes]:
    if settings.log_to == "stdout":
        return os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    return open_log(settings.state, name)
