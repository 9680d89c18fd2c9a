"""One PostgreSQL for the whole test run, one template database, and a copy of it for each test process.

`TMAM_TEST_SERVER` (the address of a server where we may create databases) is used when set; otherwise an
embedded server is started in a temporary folder by the first process and shared by pytest-xdist's workers.
`TMAM_TEST_PARTITIONS` splits every event table into so many partitions by its event.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tests.partitions import partition_event_tables
from tmam.platform.embedded_postgres import FAST_AND_LOOSE, Installation, PostgresServer
from tmam.platform.translations import compile_translations

SOURCE = Path(__file__).parent.parent / "src" / "tmam"
SERVER_VARIABLE = "TMAM_TEST_SERVER"
FOLDER_VARIABLE = "TMAM_TEST_FOLDER"
PARTITIONS_VARIABLE = "TMAM_TEST_PARTITIONS"


@dataclass
class TestServer:
    """The server that this process started for the run, if it did."""

    __test__ = False
    server: PostgresServer | None
    folder: Path

    def stop(self) -> None:
        """Stop the server and remove everything the run left behind."""
        if self.server is not None:
            self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_test_server(folder: Path, installation: Installation | None = None) -> PostgresServer:
    """Start a throw-away server: nothing on it survives a power cut."""
    settings = {**FAST_AND_LOOSE, "max_connections": "200"}
    server = PostgresServer(folder, "test", installation=installation, settings=settings)
    server.start()
    return server


def prepare_environment() -> TestServer | None:
    """Point this process's environment at its own database and state folder, before Django's settings load.

    Returns what `stop` ends, in the one process that started it (not in xdist's workers).
    """
    started = None
    if FOLDER_VARIABLE not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="tmam-test-"))
        folder.chmod(0o755)
        server = None
        if SERVER_VARIABLE not in os.environ:
            server = start_test_server(folder / "postgres")
            os.environ[SERVER_VARIABLE] = server.dsn("postgres")
        os.environ[FOLDER_VARIABLE] = str(folder)
        started = TestServer(server, folder)
    # Where Python may keep nothing it compiled, each of a run's hundred processes would compile everything again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    for name in [
        name for name in os.environ if name.startswith("TMAM_") and not name.startswith("TMAM_TEST_")
    ]:
        del os.environ[name]
    # A fresh clone has no compiled translations, and pages in Spanish would be English until some test started tmam.
    compile_translations(SOURCE / "web" / "locale")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    os.environ["DATABASE_URL"] = address_of(f"tmam_test_{os.getpid()}_{worker}")
    os.environ["TMAM_STATE"] = str(Path(os.environ[FOLDER_VARIABLE]) / worker)
    os.environ["TMAM_MODE"] = "test"
    os.environ["TMAM_HOT_RATE_PER_CLIENT"] = "0"  # all tests come from one address
    os.environ["DJANGO_SETTINGS_MODULE"] = "tmam.web.settings"
    return started


def address_of(database: str) -> str:
    """The address of a database on the run's server."""
    parts = conninfo_to_dict(os.environ[SERVER_VARIABLE])
    secret = f":{parts['password']}" if parts.get("password") else ""
    return f"postgresql://{parts['user']}{secret}@{parts['host']}:{parts['port']}/{database}"


@contextmanager
def own_database() -> Iterator[None]:
    """Make this process's database, a copy of the migrated template, and drop it at the end."""
    name = os.environ["DATABASE_URL"].rpartition("/")[2]
    template = migrated_template()
    _run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    yield
    _run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def migrated_template() -> str:
    """The name of the migrated template database; the first process makes it, the others wait for it."""
    partitions = int(os.environ.get(PARTITIONS_VARIABLE, "0"))
    name = f"tmam_template_{_schema_hash()}" + (f"_{partitions}" if partitions else "")
    folder = Path(os.environ[FOLDER_VARIABLE])
    is_shared_with_other_runs = not (folder / "postgres").exists()
    lock = (Path(tempfile.gettempdir()) if is_shared_with_other_runs else folder) / f"{name}.lock"
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not _exists(name):
            unfinished = f"{name}_unfinished"
            _run(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(unfinished)))
            _run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
            subprocess.run(
                [sys.executable, "-m", "django", "migrate", "--skip-checks", "--verbosity", "0"],
                env={**os.environ, "DATABASE_URL": address_of(unfinished)},
                check=True,
            )
            if partitions:
                partition_event_tables(address_of(unfinished), partitions)
            _run(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(unfinished), sql.Identifier(name)
                )
            )
    return name


def fill_with_template(address: str) -> None:
    """Give an empty database on another server what the template holds: ten times quicker than to migrate it."""
    programs = Installation.embedded().folder / "bin"
    written = subprocess.run(
        [programs / "pg_dump", "--no-owner", address_of(migrated_template())], capture_output=True, check=True
    )
    subprocess.run(
        [programs / "psql", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", address],
        input=written.stdout,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _schema_hash() -> str:
    """Changes when any migration or the list of installed apps does."""
    files = sorted(path for path in SOURCE.glob("*/migrations/*") if path.suffix in {".py", ".sql"})
    digest = hashlib.sha256()
    for path in [*files, SOURCE / "web" / "settings.py"]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _exists(database: str) -> bool:
    with psycopg.connect(os.environ[SERVER_VARIABLE], autocommit=True) as connection:
        return (
            connection.execute("SELECT FROM pg_database WHERE datname = %s", [database]).fetchone()
            is not None
        )


def _run(statement: sql.Composed) -> None:
    with psycopg.connect(os.environ[SERVER_VARIABLE], autocommit=True) as connection:
        connection.execute(statement)
