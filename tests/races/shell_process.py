"""The hot shell as people meet it: a process of its own, spoken to over real sockets by clients that may hang up."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.waiting import wait_until
from tmam.platform.embedded_postgres import LOOPBACK, free_port
from tmam.platform.keys import secret_key
from tmam.platform.settings import current_settings
from tmam.platform.visitors import COOKIE, sign_visitor


class ShellProcess:
    """`tmam hot` on a database, without a limit per client."""

    def __init__(self, database_url: str, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.log_path = folder / f"hot-{self.port}.log"
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "TMAM_HOT_PORT": str(self.port),
            "TMAM_HOT_RATE_PER_CLIENT": "0",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tmam.cli", "hot"], env=self.environment, stdout=log, stderr=log
            )
        assert wait_until(self.takes_connections), self.log_path.read_text(encoding="utf-8")

    def takes_connections(self) -> bool:
        """Whether somebody listens."""
        try:
            socket.create_connection((LOOPBACK, self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """End it without a word: the worker that serves, and the process that would start another."""
        if self.process is None:
            return
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)
        self._end(signal.SIGKILL)

    def kill_worker(self) -> None:
        """End the process that serves, not the one that looks after it and starts another (Linux; else both)."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        workers = [int(pid) for pid in children.read_text("ascii").split()] if children.exists() else []
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        if not workers:
            self.kill()
            self.start()

    def stop(self) -> int:
        """Ask it to end, as an operator's machine does, and wait; the exit status."""
        return self._end(signal.SIGTERM)

    def _end(self, with_signal: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(with_signal)
        status = self.process.wait(timeout=60)
        self.process = None
        return status


def visitor_cookie(visitor: UUID) -> str:
    """The cookie by which the shell knows a visitor."""
    return f"{COOKIE}={sign_visitor(visitor, secret_key(current_settings()))}"


class HungUpError(Exception):
    """No answer was read: nobody knows what became of the request."""


class Client:
    """One connection that is opened again when it broke. An answer is `(status, JSON or None)`."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(
        self, path: str, body: object, visitor: UUID, patience_s: float | None = None
    ) -> tuple[int, Any]:
        """Ask, and read the answer within `patience_s`, or hang up.

        Raises:
            HungUpError: by us for lack of patience, or by the server; it may have been done or not.
        """
        text = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\nContent-Type: application/json\r\n"
            f"Cookie: {visitor_cookie(visitor)}\r\nContent-Length: {len(text)}\r\n\r\n"
        )
        try:
            if self._writer is None or self._writer.is_closing():
                self._reader, self._writer = await asyncio.open_connection(LOOPBACK, self.port)
            self._writer.write(head.encode() + text)
            async with asyncio.timeout(60 if patience_s is None else patience_s):
                return await self._read()
        except (TimeoutError, OSError, EOFError) as error:
            self.hang_up()
            raise HungUpError from error

    async def _read(self) -> tuple[int, Any]:
        assert self._reader is not None
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = head.partition("content-length:")[2].partition("\r\n")[0].strip()
        body = await self._reader.readexactly(int(length)) if length else b""
        if "connection: close" in head:
            self.hang_up()
        return int(head.split(" ", 2)[1]), json.loads(body) if body else None

    def hang_up(self) -> None:
        """Close at once; what the server still says is lost."""
        if self._writer is not None:
            self._writer.transport.abort()
        self._reader = self._writer = None
