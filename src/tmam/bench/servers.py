"""The servers that are measured: our own, started in a temporary folder and removed again, or others by address."""

from __future__ import annotations

import contextlib
import http.client
import os
import pstats
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tmam.bench.errors import BenchError
from tmam.bench.options import Options
from tmam.platform.embedded_postgres import LOOPBACK, PostgresServer, free_port
from tmam.platform.front import Front, caddy_program
from tmam.platform.processes.spawn import spawn, stop
from tmam.platform.settings import Settings, load_settings

READY_PATIENCE_S = 60.0
STOP_PATIENCE_S = 15.0
ASK_EVERY_S = 0.05
PROFILE, PROFILE_VARIABLE = "hot.profile", "TMAM_BENCH_PROFILE"
PROFILE_LINES = 60
HOT, WEB, DATABASE, FRONT = "hot_shell", "product_server", "postgresql", "front"

Prepare = Callable[[Settings], Front]


@dataclass(frozen=True)
class Address:
    """Where a server listens."""

    host: str
    port: int


@dataclass
class Servers:
    """What is measured. `pids` by name: the processes whose CPU and memory are watched, as far as they are ours."""

    settings: Settings
    hot: Address
    web: Address
    front: Address | None = None
    pids: dict[str, int] = field(default_factory=dict)
    is_ours: bool = True


@contextmanager
def running(options: Options, set_up: Callable[[], None], prepare: Prepare) -> Iterator[Servers]:
    """The servers for the length of the block.

    `set_up` loads Django once the environment is right; `prepare` makes tables and static files ready for settings.

    Nothing of ours is left behind, however the block ends.

    Raises:
        BenchError: with one sentence why they cannot be measured.
    """
    if options.url:
        servers = _others(options)
        set_up()
        yield servers
        return
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(_temporary_folder()))
        database_url, database_pid = stack.enter_context(_database(folder, options.database_url))
        settings = _own_settings(folder, database_url)
        set_up()
        front = prepare(settings)
        own = _Programs(settings, folder)
        stack.callback(own.stop)
        servers = Servers(
            settings, Address(LOOPBACK, settings.hot_port), Address(LOOPBACK, settings.web_port)
        )
        if database_pid is not None:
            servers.pids[DATABASE] = database_pid
        if options.profile is not None:
            stack.callback(write_profile, folder / PROFILE, options.profile)
            stack.callback(own.stop)  # before: what it did is written when it ends
        servers.pids[HOT] = own.start("hot", is_profiled=options.profile is not None)
        servers.pids[WEB] = own.start("web")
        own.wait_for(HOT, settings.hot_port, "/hot/healthz")
        own.wait_for(WEB, settings.web_port, "/healthz")
        if options.uses_front:
            servers.pids[FRONT] = own.start_front(front)
            servers.front = Address(LOOPBACK, settings.port)
            own.wait_for(FRONT, settings.port, "/hot/healthz")
        yield servers


def _others(options: Options) -> Servers:
    """Servers that somebody else runs, behind one address."""
    parts = urlsplit(options.url)
    if parts.scheme != "http" or not parts.hostname:
        raise BenchError(f"--url must be a plain `http://host:port`, not `{options.url}`.")
    if not options.database_url or options.state is None:
        raise BenchError(
            "--url also needs --database-url and --state of that installation: the benchmark makes its events "
            "and signed visitors there, and checks the books in its database."
        )
    os.environ["DATABASE_URL"] = options.database_url
    os.environ["TMAM_STATE"] = str(options.state)
    address = Address(parts.hostname, parts.port or 80)
    if not _answers(address.port, "/hot/healthz", address.host):
        raise BenchError(f"Nothing answers at {options.url}/hot/healthz.")
    return Servers(load_settings(os.environ), hot=address, web=address, front=address, is_ours=False)


def _own_settings(folder: Path, database_url: str) -> Settings:
    """Settings of our own for everything below us, also as this process's environment."""
    for name in [name for name in os.environ if name.startswith("TMAM_")]:
        del os.environ[name]
    os.environ |= {
        "DATABASE_URL": database_url,
        "TMAM_STATE": str(folder / "state"),
        "TMAM_MODE": "test",
        "TMAM_PORT": str(free_port()),
        "TMAM_HOT_PORT": str(free_port()),
        "TMAM_WEB_PORT": str(free_port()),
        # All clients of the load generator are one client to a limit per network.
        "TMAM_HOT_RATE_PER_CLIENT": "0",
    }
    return load_settings(os.environ)


@contextmanager
def _temporary_folder() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="tmam-bench-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(folder: Path, server_url: str) -> Iterator[tuple[str, int | None]]:
    """An empty database: on an embedded server of our own, or a new one on the server that was named."""
    if server_url:
        with _database_there(server_url) as url:
            yield url, None
        return
    # The defaults of `tmam up`: fsync, full_page_writes and synchronous_commit on, shared_buffers 128 MB.
    server = PostgresServer(folder / "postgres", secrets.token_hex(16))
    try:
        process = server.start()
        server.make_database()
        yield server.dsn(), process.pid
    finally:
        server.stop()
        if server.home != server.folder:
            shutil.rmtree(server.home, ignore_errors=True)


@contextmanager
def _database_there(server_url: str) -> Iterator[str]:
    name = f"tmam_bench_{os.getpid()}"
    parts = conninfo_to_dict(server_url)
    secret = f":{parts['password']}" if parts.get("password") else ""
    address = f"{parts.get('host', LOOPBACK)}:{parts.get('port', 5432)}"
    try:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise BenchError(f"No database for the benchmark could be made there: {reason}") from None
    try:
        yield f"postgresql://{parts.get('user', 'postgres')}{secret}@{address}/{name}"
    finally:
        from django.db import connections

        connections.close_all()
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


class _Programs:
    """Our child processes, started exactly as `tmam up` starts them."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self._log_folder = folder
        self._running: list[tuple[str, subprocess.Popen[bytes]]] = []

    def start(self, command: str, *, is_profiled: bool = False) -> int:
        """Start `tmam <command>`; returns its process number."""
        program = "tmam.bench.profiled" if is_profiled else "tmam.cli"
        env = {**os.environ, PROFILE_VARIABLE: str(self._log_folder / PROFILE)}
        with self._log(command) as log:
            process = spawn([sys.executable, "-m", program, command], env=env, output=log)
        self._running.append((command, process))
        return process.pid

    def start_front(self, front: Front) -> int:
        """Start Caddy with the configuration of the real front."""
        config = front.write_config()
        arguments = ["run", "--adapter", "caddyfile", "--config", str(config)]
        with self._log("front") as log:
            process = spawn([caddy_program(), *arguments], env=front.environment(), output=log)
        self._running.append(("front", process))
        return process.pid

    def wait_for(self, name: str, port: int, path: str) -> None:
        """Return when a server answers.

        Raises:
            BenchError: it ended, or does not answer.
        """
        patient_until = time.monotonic() + READY_PATIENCE_S
        while not _answers(port, path):
            dead = [(command, process) for command, process in self._running if process.poll() is not None]
            if dead or time.monotonic() > patient_until:
                command = dead[0][0] if dead else name
                raise BenchError(f"{command} did not start: {self._last_words(command)}")
            time.sleep(ASK_EVERY_S)

    def stop(self) -> None:
        """Stop all of them, the last started first."""
        while self._running:
            _, process = self._running.pop()
            stop(process, with_signal=signal.SIGTERM, patience_s=STOP_PATIENCE_S)

    def _log(self, name: str) -> IO[bytes]:
        return (self._log_folder / f"{name}.log").open("ab")

    def _last_words(self, name: str) -> str:
        path = self._log_folder / f"{name}.log"
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n") if path.exists() else []
        return " ".join(" ".join(lines[-4:]).split()) or "it said nothing."


def write_profile(measured: Path, into: Path) -> None:
    """What the hot shell spent its time on, as text, the most first; nothing if it never got to write that."""
    if measured.exists():
        with into.open("w", encoding="utf-8") as text:
            statistics = pstats.Stats(str(measured), stream=text)
            statistics.strip_dirs().sort_stats("tottime").print_stats(PROFILE_LINES)


def _answers(port: int, path: str, host: str = LOOPBACK) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
