"""One visitor's unread body closes no connection that another visitor's form then travels on."""

from __future__ import annotations

import http.client
import io
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import wait_until
from tmam.platform.embedded_postgres import LOOPBACK, free_port
from tmam.platform.front import can_listen
from tmam.platform.processes.spawn import spawn, stop
from tmam.web.whole_body import MOST_BYTES, PIECE_BYTES, WholeBody

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Granian as the product runs it, around an application that reads nothing."""
    found = free_port()
    with (tmp_path_factory.mktemp("unread") / "log").open("wb") as log:
        command = [sys.executable, "-m", "tests.web.unread", str(found)]
        process = spawn(command, env=dict(os.environ), output=log, folder=ROOT)
    assert wait_until(lambda: not can_listen(LOOPBACK, found))
    yield found
    stop(process, with_signal=signal.SIGTERM, patience_s=10)


@pytest.mark.parametrize("path", ["/list", "/pieces"])
@pytest.mark.parametrize("is_said", [True, False], ids=["length", "chunked"])
def test_the_connection_stays_open(port: int, path: str, *, is_said: bool) -> None:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=20)
    connection.connect()
    connection.auto_open = 0  # a connection that was closed stays so, and the next request fails
    for _ in range(6):
        body: Any = b"x" * 1_900_000 if is_said else (b"x" * 50_000 for _ in range(40))
        connection.request("POST", path, body, encode_chunked=not is_said, headers=_chunked(is_said=is_said))
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (413, b"no")
        assert answer.headers.get("connection") != "close"
    connection.close()


def _chunked(*, is_said: bool) -> dict[str, str]:
    return {} if is_said else {"Transfer-Encoding": "chunked"}


class Counted(io.RawIOBase):
    """A body of so many bytes that counts what was read."""

    def __init__(self, length: int) -> None:
        self.length, self.read_bytes, self.longest = length, 0, 0

    def read(self, size: int = -1) -> bytes:
        taken = min(size if size >= 0 else self.length, self.length - self.read_bytes)
        self.read_bytes += taken
        self.longest = max(self.longest, taken)
        return b"x" * taken


def ask(body: Counted, application: Any = lambda *_: [b"no"], **environ: str) -> Any:
    return WholeBody(application)({"wsgi.input": body, **environ}, lambda *_: None)  # type: ignore[arg-type, return-value]


def test_so_much_is_read_and_no_more_in_small_pieces() -> None:
    for length, read in ((300_000, 300_000), (MOST_BYTES * 3, MOST_BYTES)):
        body = Counted(length)
        ask(body, CONTENT_LENGTH=str(length))
        assert read <= body.read_bytes < read + PIECE_BYTES
        assert body.longest <= PIECE_BYTES


def test_who_fails_leaves_nothing_unread_and_who_sent_nothing_is_not_waited_for() -> None:
    def broken(*_: object) -> list[bytes]:
        raise RuntimeError

    body = Counted(200_000)
    with pytest.raises(RuntimeError):
        ask(body, broken, HTTP_TRANSFER_ENCODING="chunked")
    assert body.read_bytes == 200_000
    untouched = Counted(10)
    for environ in ({}, {"CONTENT_LENGTH": ""}, {"CONTENT_LENGTH": "0"}):
        ask(untouched, **environ)
    assert untouched.read_bytes == 0
