"""What is killed in the middle of a batch, and what a full disk does: nothing that was acknowledged is lost.

Each time the buyers go on asking, the end is read by independent SQL, and the history must be explainable: an order,
a hold or a release that was answered as done and is not there would make it impossible. The database has a server of
its own that writes through to the disk, as in production. The disk that fills up is a small file system in memory;
making it needs root and Linux, elsewhere that one test is skipped.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from django.db import OperationalError, connections
from psycopg.conninfo import conninfo_to_dict
from pytest_django import DjangoDbBlocker

from tests.environment import fill_with_template
from tests.races.on_sale import CAPACITIES, OnSale, make_on_sale, play
from tests.races.shell_process import Client, ShellProcess
from tests.races.test_on_sale_history import ENDED_WELL, assert_explained
from tests.waiting import wait_until
from tmam.inventory.models import Hold
from tmam.platform.embedded_postgres import PostgresServer

pytestmark = pytest.mark.timeout(300)
BUYERS = 16
BALLAST = "ballast"


@contextmanager
def django_on(address: str) -> Iterator[None]:
    """Let Django's connection of this process lead to another server."""
    connection = connections["default"]
    before = dict(connection.settings_dict)
    parts = conninfo_to_dict(address)
    connection.close()
    connection.settings_dict.update(
        NAME=parts["dbname"],
        USER=parts["user"],
        PASSWORD=parts.get("password", ""),
        HOST=parts["host"],
        PORT=parts["port"],
    )
    try:
        yield
    finally:
        forget_connection()
        connection.settings_dict.update(before)


def forget_connection() -> None:
    """Django's connection may be dead: the next statement opens another."""
    with suppress(OperationalError):
        connections["default"].close()


class Site:
    """A database server that may be killed. It ends with the thread that started it, so one thread starts it always."""

    def __init__(self, folder: Path) -> None:
        self.server = PostgresServer(folder, "test")
        self._keeper = ThreadPoolExecutor(max_workers=1)

    def start(self) -> None:
        """Start it, and return when it answers."""
        self._keeper.submit(self.server.start).result()

    def kill(self) -> None:
        """End its first process without a word; the others end when they notice."""
        assert self.server.process is not None
        self.server.process.kill()
        self.server.process.wait()

    def stop(self) -> None:
        self.server.stop()
        self._keeper.shutdown()

    @property
    def has_ended(self) -> bool:
        return self.server.process is None or self.server.process.poll() is not None


@contextmanager
def migrated(folder: Path) -> Iterator[Site]:
    """A server of its own with the product's tables, safe on disk."""
    site = Site(folder)
    site.start()
    server = site.server
    try:
        server.make_database()
        fill_with_template(server.dsn())
        with django_on(server.dsn()):
            yield site
    finally:
        site.stop()


@pytest.fixture(scope="module")
def own_site(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    del django_db_setup
    with django_db_blocker.unblock(), migrated(tmp_path_factory.mktemp("faults") / "postgres") as site:
        yield site


@pytest.fixture
def site(own_site: Site, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    with django_db_blocker.unblock():
        yield own_site


def played(
    event_id: int, shell: ShellProcess, faults: Callable[[], None], *, times: int, seconds: float, seed: int
) -> OnSale:
    """An on-sale in which something breaks `times` times, evenly spread."""

    async def with_faults() -> OnSale:
        sale = asyncio.create_task(play(event_id, shell.port, buyers=BUYERS, seconds=seconds, seed=seed))
        for _ in range(times):
            await asyncio.sleep(seconds / (times + 1))
            await asyncio.to_thread(faults)
        return await sale

    return asyncio.run(with_faults())


def kill_the_shell(site: Site, folder: Path, times: int, seconds: float, seed: int) -> None:
    event = make_on_sale()
    shell = ShellProcess(site.server.dsn(), folder)
    shell.start()

    turns = itertools.count()

    def fault() -> None:
        if next(turns) % 2:
            shell.kill_worker()
        else:
            shell.kill()
            shell.start()

    try:
        sale = played(event.id, shell, fault, times=times, seconds=seconds, seed=seed)
    finally:
        status = shell.stop()
    assert status in ENDED_WELL
    assert sale.told["hung up"] > BUYERS, "nobody was cut off"
    assert_explained(event.id, sale.history, folder)


def kill_postgresql(site: Site, folder: Path, times: int, seconds: float, seed: int) -> None:
    event = make_on_sale()
    shell = ShellProcess(site.server.dsn(), folder)
    shell.start()

    def fault() -> None:
        site.kill()
        site.start()

    try:
        sale = played(event.id, shell, fault, times=times, seconds=seconds, seed=seed)
        forget_connection()
        assert sale.told["503"] > 0, "nobody noticed"
        assert sale.told["500"] == 0
        answer, _ = asyncio.run(Client(shell.port).post("/hot/holds", one_place(event.id), uuid4()))
        assert answer in {201, 409}  # it has healed by itself, or all is sold
    finally:
        status = shell.stop()
    assert status in ENDED_WELL
    assert_explained(event.id, sale.history, folder, is_complete=False)


def one_place(event_id: int) -> dict[str, Any]:
    return {"event": event_id, "lines": [{"date": 1, "ticket_type": 3, "quantity": 1}]}


def test_killing_the_shell_loses_nothing_that_was_acknowledged(site: Site, tmp_path: Path) -> None:
    kill_the_shell(site, tmp_path, times=2, seconds=5, seed=3)


def test_killing_postgresql_loses_nothing_that_was_acknowledged(site: Site, tmp_path: Path) -> None:
    kill_postgresql(site, tmp_path, times=2, seconds=6, seed=4)


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kill", [kill_the_shell, kill_postgresql])
def test_killing_again_and_again_loses_nothing(site: Site, tmp_path: Path, kill: Callable[..., None]) -> None:
    kill(site, tmp_path, times=12, seconds=60, seed=5)


def test_a_graceful_stop_answers_everything_that_was_accepted(site: Site, tmp_path: Path) -> None:
    event = make_on_sale()
    shell = ShellProcess(site.server.dsn(), tmp_path)
    shell.start()

    async def stop_while_they_wait() -> tuple[list[tuple[int, Any]], int]:
        clients = [Client(shell.port) for _ in range(64)]
        await asyncio.gather(*(client.post("/hot/none", {}, uuid4()) for client in clients))  # connected
        blocker = await asyncpg.connect(site.server.dsn())
        try:
            async with blocker.transaction():
                # Nobody can hold anything before this transaction ends.
                await blocker.execute(
                    "SELECT FROM inventory_counter WHERE event_id = $1 ORDER BY id FOR UPDATE", event.id
                )
                asked = [
                    asyncio.create_task(client.post("/hot/holds", one_place(event.id), uuid4()))
                    for client in clients
                ]
                probe = Client(shell.port)
                for _ in range(3):  # what was sent before these were answered has been read
                    assert (await probe.post("/hot/none", {}, uuid4()))[0] == 404
                probe.hang_up()
                assert shell.process is not None
                shell.process.terminate()
                refused = await asyncio.to_thread(wait_until, lambda: not shell.takes_connections())
                assert refused, "it still takes connections"
                assert not any(task.done() for task in asked)
            return await asyncio.gather(*asked), await asyncio.to_thread(shell.stop)
        finally:
            await blocker.close()

    answers, status = asyncio.run(stop_while_they_wait())
    assert status in ENDED_WELL
    assert [status for status, _ in answers] == [201] * 64
    kept = {
        str(id_) for id_ in Hold.objects.filter(event_id=event.id, state="held").values_list("id", flat=True)
    }
    assert {body["hold"] for _, body in answers} == kept


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of a size that a test can fill; skips where we may not make one."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", folder],
        capture_output=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.skip("making a small file system needs root and Linux")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(disk: Path) -> None:
    """Leave no room at all."""
    with (disk / BALLAST).open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="making a small file system needs root")
def test_a_full_disk_is_answered_and_loses_nothing(
    tmp_path: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    with (
        django_db_blocker.unblock(),
        small_disk(tmp_path / "disk", 160) as disk,
        migrated(disk / "postgres") as site,
    ):
        event = make_on_sale()
        shell = ShellProcess(site.server.dsn(), tmp_path)
        shell.start()

        async def fill_and_free() -> tuple[list[str], tuple[int, Any], tuple[int, Any]]:
            client, visitor = Client(shell.port), uuid4()
            acknowledged: list[str] = []

            async def hold() -> tuple[int, Any]:
                status, told = await client.post("/hot/holds", one_place(event.id), visitor)
                if status == 201:
                    acknowledged.append(told["hold"])
                return status, told

            for _ in range(5):
                await hold()
            await asyncio.to_thread(fill, disk)
            refused = await hold()
            while refused[0] == 201:
                refused = await hold()
            (disk / BALLAST).unlink()
            if site.has_ended:
                await asyncio.to_thread(site.start)  # it gave up, and its supervisor starts it again
            again = await hold()
            while again[0] == 503:
                await asyncio.sleep(0.1)
                again = await hold()
            client.hang_up()
            return acknowledged, refused, again

        try:
            acknowledged, refused, again = asyncio.run(fill_and_free())
        finally:
            status = shell.stop()
        assert status in ENDED_WELL
        assert refused[0] == 503, refused
        assert refused[1]["code"] == "platform.busy"
        assert again[0] == 201
        forget_connection()
        kept = {str(id_) for id_ in Hold.objects.filter(event_id=event.id).values_list("id", flat=True)}
        assert set(acknowledged) <= kept
        assert len(acknowledged) < CAPACITIES[3], "it was sold out before it was full"
