"""People who download: `python -m tmam.bench.load.downloads PLAN OUTCOME`, one process, one uvloop.

Unlike the other load, a person here waits: a file that is in the queue (503 with `Retry-After`) is asked for again when
the server said, until it comes. What the server promised first (`X-Wait-Seconds`) is written down beside what came.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from pathlib import Path

import msgspec

OK, BUSY = 200, 503
PATIENCE_S = 1_200.0
HEAD_MAX = 64 * 1024


class Wish(msgspec.Struct, frozen=True):
    """One file that somebody wants: the session cookie's value, the address, and a word to count by."""

    kind: str
    path: str
    cookie: str


class DownloadPlan(msgspec.Struct, frozen=True, kw_only=True):
    """`people` at once, each taking the next wish when theirs is fulfilled. With `seconds` the wishes go round."""

    host: str
    port: int
    cookie_name: str
    wishes: list[Wish]
    people: int
    seconds: float = 0.0


class DownloadOutcome(msgspec.Struct, kw_only=True):
    """Milliseconds to the first answer, seconds until the file, by kind; what was promised first beside what came.

    `cpu_s`: CPU seconds that the servers used meanwhile, by name, as far as they are ours.
    """

    seconds: float
    first_answer_ms: dict[str, list[float]] = {}
    file_s: dict[str, list[float]] = {}
    promises_s: list[tuple[float, float]] = []
    requests: int = 0
    bytes: int = 0
    failures: dict[str, int] = {}
    cpu_s: dict[str, float] = {}

    @property
    def files(self) -> int:
        """How many came."""
        return sum(map(len, self.file_s.values()))

    @property
    def per_s(self) -> float:
        """Files a second."""
        return self.files / self.seconds

    def cpu_ms(self, server: str) -> float | None:
        """CPU milliseconds of a server for each file; None where nobody looked."""
        return 1000 * self.cpu_s[server] / max(1, self.files) if server in self.cpu_s else None


class Answer(msgspec.Struct, frozen=True):
    """What of an answer matters here."""

    status: int
    size: int
    retry_after_s: float | None
    promised_s: float | None


class People:
    """All of them."""

    def __init__(self, plan: DownloadPlan) -> None:
        self._plan = plan
        self._next = 0
        self._until = time.perf_counter() + plan.seconds if plan.seconds else None
        self.outcome = DownloadOutcome(seconds=0.0)
        self._failures: Counter[str] = Counter()

    async def run(self) -> DownloadOutcome:
        """Until every wish is fulfilled, or the time is over."""
        began = time.perf_counter()
        await asyncio.gather(*(self._person() for _ in range(self._plan.people)))
        self.outcome.seconds = time.perf_counter() - began
        self.outcome.failures = dict(self._failures)
        return self.outcome

    def _wish(self) -> Wish | None:
        wishes = self._plan.wishes
        if self._until is not None:
            if time.perf_counter() > self._until:
                return None
        elif self._next >= len(wishes):
            return None
        self._next += 1
        return wishes[(self._next - 1) % len(wishes)]

    async def _person(self) -> None:
        connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        while (wish := self._wish()) is not None:
            connection = await self._fulfil(wish, connection)
        if connection:
            connection[1].close()

    async def _fulfil(
        self, wish: Wish, connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        began = time.perf_counter()
        promised: float | None = None
        request = (
            f"GET {wish.path} HTTP/1.1\r\nHost: {self._plan.host}:{self._plan.port}\r\n"
            f"Cookie: {self._plan.cookie_name}={wish.cookie}\r\nAccept: text/html,*/*\r\n\r\n"
        ).encode()
        while True:
            asked = time.perf_counter()
            try:
                connection = connection or await asyncio.open_connection(
                    self._plan.host, self._plan.port, limit=HEAD_MAX
                )
                answer = await self._ask(request, *connection)
            except (OSError, asyncio.IncompleteReadError) as error:
                self._failures[f"{wish.kind}: {type(error).__name__}"] += 1
                return None
            self.outcome.requests += 1
            now = time.perf_counter()
            if asked - began < 0.01:
                self.outcome.first_answer_ms.setdefault(wish.kind, []).append((now - asked) * 1000)
            if answer.status == OK:
                self.outcome.bytes += answer.size
                self.outcome.file_s.setdefault(wish.kind, []).append(now - began)
                if promised is not None:
                    self.outcome.promises_s.append((promised, now - began))
                return connection
            if answer.status != BUSY or answer.retry_after_s is None or now - began > PATIENCE_S:
                self._failures[f"{wish.kind}: {answer.status}"] += 1
                return connection
            promised = answer.promised_s if promised is None else promised
            connection[1].close()  # servers close what is idle for so long
            connection = None
            await asyncio.sleep(answer.retry_after_s)

    async def _ask(
        self, request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Answer:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
        size = int(headers.get("content-length", "0"))
        await reader.readexactly(size)
        retry_after, promised = headers.get("retry-after"), headers.get("x-wait-seconds")
        return Answer(
            int(head[0].split(" ")[1]),
            size,
            float(retry_after) if retry_after else None,
            float(promised) if promised else None,
        )


def main(plan_path: Path, outcome_path: Path) -> None:
    """Run a plan from a file and write what came of it into another."""
    import uvloop

    plan = msgspec.json.decode(plan_path.read_bytes(), type=DownloadPlan)
    outcome_path.write_bytes(msgspec.msgpack.encode(uvloop.run(People(plan).run())))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
