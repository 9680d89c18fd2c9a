"""One HTTP/1.1 connection of the load generator: as little work per request as Python can do.

A client runs *operations*. An operation is a generator that yields requests (whole, as bytes) and receives
`(status, body)`; it returns an empty string when all went well, `NOT_COUNTED` when that was only tidying up, else
the reason why not.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator
from typing import TypeAlias

Operation: TypeAlias = Generator[bytes, tuple[int, bytes], str]
Begin: TypeAlias = Callable[[], Operation | None]
Finish: TypeAlias = Callable[[float, str], None]

NOT_COUNTED = "not counted"
_HEAD_END = b"\r\n\r\n"
_LAST_CHUNK = b"0\r\n\r\n"


class Client(asyncio.Protocol):
    """Sends one request at a time. `begin` gives the next operation (None: go home), `finish` takes its end."""

    __slots__ = ("_began_at", "_begin", "_buffer", "_finish", "_operation", "_transport", "gone")

    def __init__(self, begin: Begin, finish: Finish) -> None:
        self._begin = begin
        self._finish = finish
        self._buffer = b""
        self._began_at = 0.0
        self._operation: Operation | None = None
        self._transport: asyncio.WriteTransport | None = None
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a TCP transport can be written to
        self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self._operation is not None:
            self._operation = None
            self._finish(time.perf_counter() - self._began_at, "connection lost")
        if not self.gone.done():
            self.gone.set_result(None)

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        head = data.find(_HEAD_END)
        if head < 0:
            self._buffer = data
            return
        length = _content_length(data, head)
        if length < 0:  # chunked: what comes through the front compressed or without a length
            if not data.endswith(_LAST_CHUNK):
                self._buffer = data
                return
        elif len(data) < head + 4 + length:
            self._buffer = data
            return
        self._buffer = b""
        self._answered(int(data[9:12]), data[head + 4 :])

    def _start(self) -> None:
        operation = self._operation = self._begin()
        if operation is None:
            self._close()
            return
        self._began_at = time.perf_counter()
        self._write(next(operation))

    def _answered(self, status: int, body: bytes) -> None:
        if self._operation is None:
            return
        try:
            request = self._operation.send((status, body))
        except StopIteration as stop:
            self._operation = None
            self._finish(time.perf_counter() - self._began_at, stop.value)
            self._start()
        else:
            self._write(request)

    def _write(self, request: bytes) -> None:
        if self._transport is not None:
            self._transport.write(request)

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def _content_length(data: bytes, head: int) -> int:
    """The announced length of a body, 0 where there is none, -1 when it comes in chunks."""
    start = data.find(b"ontent-", 0, head)
    while start >= 0:
        # `content-length` and `Content-Length` are all that our servers and Caddy write.
        if data[start + 7 : start + 14] in {b"length:", b"Length:"}:
            end = data.find(b"\r\n", start)
            return int(data[start + 14 : end])
        start = data.find(b"ontent-", start + 7, head)
    return -1 if b"chunked" in data[:head] else 0
