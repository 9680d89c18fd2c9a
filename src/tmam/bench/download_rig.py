"""Tickets that were sold, browsers that may see them, and people who download: what `scenarios.downloads` works with."""

from __future__ import annotations

import os
import signal
import string
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from tmam.bench import seed
from tmam.bench.errors import BenchError
from tmam.bench.load.downloads import DownloadOutcome, DownloadPlan, Wish
from tmam.bench.measure import Bench, Run, percentile
from tmam.bench.processes import cpu_seconds_of
from tmam.bench.scenarios.buying import hold_body
from tmam.bench.sell import sell
from tmam.bench.servers import Address
from tmam.catalog.models import Event
from tmam.inventory.draws import Wish as PlacesWish
from tmam.orders.models import Order
from tmam.platform.embedded_postgres import LOOPBACK, free_port
from tmam.platform.processes.spawn import spawn, stop
from tmam.tickets.models import Ticket

SESSION_KEY_CHARS, SESSION_KEY_ALPHABET = 32, string.ascii_lowercase + string.digits
LONGEST_S = 3_600
HOLDERS = 4
START_PATIENCE_S = 20.0
STATIC = "static_server"


@dataclass(frozen=True)
class Booking:
    """One ticket, and the sessions of browsers that may see it."""

    reference: str
    serial: int
    cookies: Sequence[str]

    def wish(self, form: str, browser: int = 0) -> Wish:
        """That ticket in a form, for one of its browsers."""
        path = f"/me/orders/{self.reference}/tickets/{self.serial}/files/{form}/"
        return Wish(form, path, self.cookies[browser])


def sell_tickets(title: str, count: int, browsers: int = 1) -> tuple[Event, list[Booking]]:
    """An event with so many orders of one ticket each, and so many browsers for each order."""
    event = seed.make_event(title, capacity=count)
    now = datetime.now(UTC)
    sell(event, [PlacesWish(1, 1, 1)] * count, now)
    orders = list(Order.objects.filter(event_id=event.id))
    references = {order.id: order.booking_reference for order in orders}
    tickets = Ticket.objects.filter(event_id=event.id).order_by("serial").values_list("serial", "order_id")
    cookies = [_browsers(orders, now) for _ in range(browsers)]
    return event, [
        Booking(references[order_id], serial, [each[order_id] for each in cookies])
        for serial, order_id in tickets
    ]


def _browsers(orders: Sequence[Order], now: datetime) -> dict[UUID, str]:
    """Sessions that were let into one order each, as the link in the mail does it."""
    from tmam.web.account.sessions.store import SessionStore
    from tmam.web.me.access import grant_order

    cookies, rows = {}, []
    for order in orders:
        visitor = HttpRequest()
        visitor.session = SessionStore()
        grant_order(visitor, order)
        cookies[order.id] = get_random_string(SESSION_KEY_CHARS, SESSION_KEY_ALPHABET)
        rows.append(
            Session(
                session_key=cookies[order.id],
                session_data=visitor.session.encode(dict(visitor.session.items())),
                expire_date=now + timedelta(days=1),
            )
        )
    Session.objects.bulk_create(rows, batch_size=1_000)
    return cookies


@dataclass(frozen=True)
class Watched:
    """A server to download from: its address, and by name the processes that work for it."""

    address: Address
    pids: Mapping[str, int]


def download(
    bench: Bench, wishes: Sequence[Wish], *, people: int, seconds: float = 0.0, of: Watched | None = None
) -> DownloadOutcome:
    """Let people download, from the product's server or another; see `DownloadPlan`.

    Raises:
        BenchError: the load did not end well.
    """
    server = of or Watched(bench.servers.web, bench.servers.pids)
    plan = DownloadPlan(
        host=server.address.host,
        port=server.address.port,
        cookie_name=settings.SESSION_COOKIE_NAME,
        wishes=list(wishes),
        people=people,
        seconds=seconds,
    )
    name = f"downloads-{threading.get_ident()}"
    plan_path, outcome_path = bench.folder / f"{name}.json", bench.folder / f"{name}.outcome"
    plan_path.write_bytes(msgspec.json.encode(plan))
    before = cpu_seconds_of(server.pids)
    process = spawn(
        [sys.executable, "-m", "tmam.bench.load.downloads", plan_path, outcome_path],
        env=dict(os.environ),
        output=None,
    )
    try:
        status = process.wait(LONGEST_S)
    finally:
        stop(process, with_signal=signal.SIGTERM, patience_s=1)
    if status != 0:
        raise BenchError("The people who download stopped early.")
    outcome = msgspec.msgpack.decode(outcome_path.read_bytes(), type=DownloadOutcome)
    outcome.cpu_s = {name: used - before[name] for name, used in cpu_seconds_of(server.pids).items()}
    return outcome


class Shop:
    """A few buyers who hold places all the time, so that one sees what the shop feels."""

    def __init__(self, bench: Bench) -> None:
        event = seed.make_event("Sold beside downloads", capacity=100_000_000)
        self._facts = {"bodies": [hold_body(event.id, 2)], "secret": bench.secret}
        self._bench = replace(bench, options=replace(bench.options, connections=HOLDERS))
        self.event_id = event.id

    def hold(self, seconds: float) -> Run:
        """Hold for so long."""
        return self._bench.load("hold", self._facts, seconds)

    @contextmanager
    def holding(self, seconds: float) -> Iterator[list[Run]]:
        """Hold beside the block, which the list tells about when it is over."""
        runs: list[Run] = []
        thread = threading.Thread(target=lambda: runs.append(self.hold(seconds)), name="shop")
        thread.start()
        try:
            yield runs
        finally:
            thread.join()


@contextmanager
def static_server(bench: Bench, content: bytes) -> Iterator[Watched]:
    """The server of the product with one file and nothing else."""
    path = bench.folder / "static.pdf"
    path.write_bytes(content)
    port = free_port()
    threads = bench.servers.settings.web_threads
    command = [sys.executable, "-m", "tmam.bench.static_server", str(port), str(path), str(threads)]
    process = spawn(command, env=dict(os.environ), output=subprocess.DEVNULL)
    try:
        _wait_for(port, path)
        yield Watched(Address(LOOPBACK, port), {STATIC: process.pid})
    finally:
        stop(process, with_signal=signal.SIGTERM, patience_s=2)


def _wait_for(port: int, path: Path) -> None:
    import socket

    until = time.monotonic() + START_PATIENCE_S
    while time.monotonic() < until:
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise BenchError(f"The server for {path.name} did not start.")


def p95(values: Sequence[float]) -> float:
    """The 95th percentile; 0 of nothing."""
    return percentile(sorted(int(value * 1000) for value in values), 95) / 1000
