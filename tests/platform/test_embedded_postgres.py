from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.waiting import process_is_gone, wait_until
from tmam.platform.embedded_postgres import (
    FAST_AND_LOOSE,
    EmbeddedPostgresError,
    Installation,
    PostgresServer,
    running_port,
)
from tmam.platform.processes.database_user import choose_database_user, home_of, reachable_programs

# One data folder for the whole file: making one costs most of a second.


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("embedded") / "postgres"
    server = PostgresServer(folder, "a-password", settings=FAST_AND_LOOSE)
    server.start()
    server.make_database()
    with psycopg.connect(server.dsn()) as connection:
        connection.execute("CREATE TABLE kept (number integer)")
    server.stop()
    return folder


@pytest.fixture
def server(folder: Path) -> Iterator[PostgresServer]:
    server = PostgresServer(folder, "a-password", settings=FAST_AND_LOOSE)
    yield server
    server.stop()


def test_it_starts_answers_and_stops(server: PostgresServer, folder: Path) -> None:
    process = server.start()
    server.make_database()
    with psycopg.connect(server.dsn()) as connection:
        row = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datlocprovider::text, datlocale FROM pg_database WHERE datname = 'tmam'"
        ).fetchone()
        assert row == ("UTF8", "b", "C.UTF-8")
    assert running_port(folder) == server.port
    server.stop()
    assert process.poll() == 0
    assert running_port(folder) is None


def test_a_second_start_finds_everything_again(server: PostgresServer) -> None:
    for expected in (0, 1):
        server.start()
        with psycopg.connect(server.dsn()) as connection:
            assert connection.execute("SELECT count(*) FROM kept WHERE number = 7").fetchone() == (expected,)
            connection.execute("INSERT INTO kept VALUES (7)")
        server.stop()


def test_nobody_gets_in_without_the_password(server: PostgresServer) -> None:
    server.start()
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(server.dsn().replace("a-password", "another"))


def test_a_crash_is_recovered_on_the_same_port(server: PostgresServer) -> None:
    process = server.start()
    port = server.port
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("SET synchronous_commit = on")
        connection.execute("INSERT INTO kept VALUES (8)")
        process.kill()
        process.wait()
    server.start()
    assert server.port == port
    with psycopg.connect(server.dsn()) as connection:
        assert connection.execute("SELECT count(*) FROM kept WHERE number = 8").fetchone() == (1,)


@pytest.mark.parametrize("whose", ["nobody's", "a stranger's"])
def test_a_stale_lock_file_does_not_stop_the_start(server: PostgresServer, whose: str) -> None:
    process = server.start()
    process.kill()
    process.wait()
    lock = server.data / "postmaster.pid"
    rest = lock.read_text().split("\n", 1)[1]
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        number = stranger.pid if whose == "a stranger's" else process.pid
        lock.write_text(f"{number}\n{rest}")
        server.start()
        stranger.communicate()
    with psycopg.connect(server.dsn()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_it_stops_when_its_supervisor_is_killed(server: PostgresServer, folder: Path) -> None:
    script = f"""
        import os, signal
        from pathlib import Path
        from tmam.platform.embedded_postgres import PostgresServer
        server = PostgresServer(Path({str(folder)!r}), "a-password")
        print(server.start().pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert wait_until(lambda: process_is_gone(int(killed.stdout)))
    server.start()


def test_a_server_left_by_someone_else_is_stopped_first(server: PostgresServer, folder: Path) -> None:
    left = PostgresServer(folder, "a-password", settings=FAST_AND_LOOSE).start()
    server.start()
    assert left.wait(5) == 0


def test_a_half_made_folder_is_made_again(tmp_path: Path) -> None:
    unfinished = tmp_path / "postgres" / "data.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    server = PostgresServer(tmp_path / "postgres", "a-password", settings=FAST_AND_LOOSE)
    server.start()
    server.stop()
    assert not unfinished.exists()
    assert not (tmp_path / "postgres" / "password.new").exists()


def test_the_folder_of_another_version_is_refused_in_a_sentence(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(EmbeddedPostgresError, match="made by PostgreSQL 14, this program brings 18"):
        PostgresServer(tmp_path, "a-password").start()


def test_programs_that_do_not_run_are_said(tmp_path: Path) -> None:
    broken = tmp_path / "bin" / "postgres"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    with pytest.raises(EmbeddedPostgresError, match="do not run on this machine"):
        Installation.at(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must become somebody else")
def test_root_without_namespaces_uses_an_account_and_touches_no_parent(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    state = closed / "postgres"
    account = choose_database_user(may_use_namespace=False)
    assert account.way == "account"
    server = PostgresServer(state, "a-password", user=account, settings=FAST_AND_LOOSE)
    state.mkdir(mode=0o700)
    home = home_of(account, state)
    try:
        server.start()
        with psycopg.connect(server.dsn("postgres")) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert home.parent == Path("/var/lib")
        assert (home / "data").stat().st_uid == account.uid
        assert closed.stat().st_mode & 0o777 == 0o700
        assert running_port(state) == server.port
    finally:
        server.stop()
        subprocess.run(["rm", "-rf", str(home)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must become somebody else")
def test_programs_that_an_account_cannot_reach_are_copied(tmp_path: Path) -> None:
    installation = tmp_path / "closed" / "pginstall"
    (installation / "bin").mkdir(parents=True)
    (installation / "bin" / "postgres").write_text("#!/bin/sh\n")
    (tmp_path / "closed").chmod(0o700)
    home = tmp_path / "home"
    home.mkdir()
    account = choose_database_user(may_use_namespace=False)
    copy = reachable_programs(account, installation, home)
    assert copy.parent == home
    assert (copy / "bin" / "postgres").exists()
    assert reachable_programs(account, installation, home) == copy
