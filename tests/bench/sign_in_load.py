"""The shop's latency, alone and beside wrong sign-ins from everywhere: an open loop over HTTP on real servers."""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.cast import make_event
from tests.waiting import wait_until
from tmam.bench.load.requests import head, visitors, with_json
from tmam.bench.scenarios.buying import hold_body
from tmam.bench.servers import _answers
from tmam.catalog.models import Event
from tmam.platform.embedded_postgres import LOOPBACK, free_port
from tmam.platform.processes.spawn import spawn, stop

HOST = "localhost"
TOKEN = "t" * 32
PATIENCE_S = 30.0


@dataclass
class Answers:
    """What came back for one kind of request."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def ms(self, share: float) -> float:
        """A percentile in milliseconds."""
        return 1_000 * statistics.quantiles(self.seconds, n=100, method="inclusive")[round(share * 100) - 1]


@dataclass(frozen=True)
class Shop:
    """Two servers as `tmam up` starts them, and something on sale."""

    web: int
    hot: int
    event: Event


@contextmanager
def open_shop(folder: Path, now: object) -> Iterator[Shop]:
    """The product server and the hot shell on this process's database; puzzles off, so that every guess is looked at."""
    web, hot = free_port(), free_port()
    environment = {
        **os.environ,
        "TMAM_WEB_PORT": str(web),
        "TMAM_HOT_PORT": str(hot),
        "TMAM_HOT_RATE_PER_CLIENT": "0",
        "TMAM_CHALLENGE": "off",
        "TMAM_LOG_TO": "stdout",
    }
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    event = make_event(now=now, capacity=1_000_000)  # type: ignore[arg-type]
    with ExitStack() as closing:
        for command in ("web", "hot"):
            log = closing.enter_context((folder / f"{command}.log").open("wb"))
            process = spawn([sys.executable, "-m", "tmam.cli", command], env=environment, output=log)
            closing.callback(stop, process, with_signal=signal.SIGTERM, patience_s=15)
        assert wait_until(lambda: _answers(web, "/healthz"), 90)
        assert wait_until(lambda: _answers(hot, "/hot/healthz"), 90)
        yield Shop(web, hot, event)


async def measure(shop: Shop, seconds: float, *, per_s: float, wrong_per_s: float) -> dict[str, Answers]:
    """Ask for pages and holds at a steady rate each, and sign in wrongly beside it."""
    kinds: dict[str, tuple[int, float, Callable[[int], bytes]]] = {
        "search": (shop.web, per_s, _search),
        "event page": (shop.web, per_s, lambda _: _get(f"/en/e/{shop.event.id}-{shop.event.slug}/")),
        "hold": (shop.hot, per_s, _holds(shop.event)),
    }
    if wrong_per_s:
        kinds["wrong sign-in"] = (shop.web, wrong_per_s, _wrong_sign_in)
    answers = {name: Answers() for name in kinds}
    async with asyncio.TaskGroup() as everything:
        for name, (port, rate, make) in kinds.items():
            everything.create_task(_keep_asking(port, rate, seconds, make, answers[name]))
    return answers


async def _keep_asking(
    port: int, rate: float, seconds: float, make: Callable[[int], bytes], answers: Answers
) -> None:
    """Ask at this rate whatever the answers do: an open loop, which waiting does not slow down."""
    began = time.perf_counter()
    async with asyncio.TaskGroup() as asking:
        for number in range(round(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            asking.create_task(_ask(port, make(number), answers))


async def _ask(port: int, request: bytes, answers: Answers) -> None:
    began = time.perf_counter()
    status = 0
    try:
        async with asyncio.timeout(PATIENCE_S), _connection(port) as (reader, writer):
            writer.write(request)
            line = await reader.readline()
            status = int(line.split()[1])
            await reader.read()
    except (OSError, TimeoutError, IndexError):
        pass
    answers.seconds.append(time.perf_counter() - began)
    answers.statuses[status] += 1


@asynccontextmanager
async def _connection(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        yield reader, writer
    finally:
        writer.close()


def _get(path: str) -> bytes:
    return head("GET", path, HOST, {"Connection": "close"}) + b"\r\n"


def _search(number: int) -> bytes:
    return _get(f"/en/?q=light&price-to={10 + number % 5_000}&currency=EUR")


def _holds(event: Event) -> Callable[[int], bytes]:
    cookies = visitors(_secret())
    body = hold_body(event.id, 1).encode()
    start = head("POST", "/hot/holds", HOST, {"Connection": "close"})
    return lambda _: with_json(start, body, next(cookies))


def _wrong_sign_in(number: int) -> bytes:
    """Another account from another network each time: nothing that pauses would stop."""
    body = f"csrfmiddlewaretoken={TOKEN}&login=nobody{number}%40b.example&password=wrong+{number}".encode()
    headers = {
        "Connection": "close",
        "Cookie": f"tmam_csrf={TOKEN}",
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": f"198.18.{number // 250 % 250}.{number % 250}",
        "Content-Length": str(len(body)),
    }
    return head("POST", "/accounts/login/", HOST, headers) + b"\r\n" + body


def _secret() -> str:
    from django.conf import settings

    return str(settings.SECRET_KEY)
