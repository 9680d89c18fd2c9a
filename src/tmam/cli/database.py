"""Where a command finds its database: as set, or the embedded one (running already, or started for the command)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tmam.cli.operator_error import OperatorError
from tmam.platform.embedded_postgres import DATABASE, LOOPBACK, ROLE, PostgresServer, is_made, running_port
from tmam.platform.kept_secrets import kept_secret
from tmam.platform.settings import Settings
from tmam.platform.state_folder import check_state_folder, locked_state_folder

OLDEST_VERSION = 150000
CONNECT_PATIENCE_S = 5


def embedded_server(state: Path) -> PostgresServer:
    """The embedded server of a state folder, not started yet."""
    return PostgresServer(state / "postgres", database_password(state))


def database_password(state: Path) -> str:
    """The embedded server's password: random, made once."""
    return kept_secret(state / "keys", "database_password")


def check_database(url: str) -> None:
    """See that a database answers and is new enough.

    Raises:
        OperatorError: with one sentence why it cannot be used.
    """
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_PATIENCE_S) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise OperatorError(f"DATABASE_URL is set, but that database cannot be used: {reason}") from None
    if version < OLDEST_VERSION:
        raise OperatorError(f"The database is PostgreSQL {version // 10000}; tmam needs 15 or newer.")


@contextmanager
def database(settings: Settings, *, may_be_new: bool = False) -> Iterator[str]:
    """The database's address for the length of a command; `DATABASE_URL` of this process is set to it.

    `may_be_new`: of a command that makes the tables itself. For every other one a mistyped folder must not become a
    new, empty database: nothing is made then, not even the folder.

    Raises:
        OperatorError: the database that is set cannot be used, or there is none yet, or one without tables.
        EmbeddedPostgresError: the embedded one cannot be started.
    """
    with _found(settings, may_be_new=may_be_new) as url:
        if not may_be_new:
            _check_tables(url)
        yield url


def _check_tables(url: str) -> None:
    with psycopg.connect(url, connect_timeout=CONNECT_PATIENCE_S) as connection:
        (has_tables,) = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()  # type: ignore[misc]  # one row always
    if not has_tables:
        raise OperatorError(
            "The database has no tables yet; `tmam migrate` makes them, and so does `tmam up`."
        )


@contextmanager
def _found(settings: Settings, *, may_be_new: bool) -> Iterator[str]:
    if settings.database_url:
        check_database(settings.database_url)
        yield settings.database_url
        return
    if not may_be_new and not is_made(settings.state / "postgres"):
        raise OperatorError(
            f"There is no database in the data folder {settings.state}; `tmam up` makes one, or name another with --state."
        )
    check_state_folder(settings.state)
    port = running_port(settings.state / "postgres")
    if port is not None:
        password = database_password(settings.state)
        os.environ["DATABASE_URL"] = f"postgresql://{ROLE}:{password}@{LOOPBACK}:{port}/{DATABASE}"
        yield os.environ["DATABASE_URL"]
        return
    with locked_state_folder(settings.state):
        server = embedded_server(settings.state)
        server.start()
        try:
            server.make_database()
            os.environ["DATABASE_URL"] = server.dsn()
            yield os.environ["DATABASE_URL"]
        finally:
            server.stop()


def set_up_django() -> None:
    """Load Django in this process, once its database is known."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tmam.web.settings")
    django.setup()
