"""The wallet's page on a real address of its own: service workers need one. Django's test client answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@dataclass
class Site:
    """Where it is, and what the service worker's script ends with: another ending is another version."""

    origin: str = ""
    worker_ending: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def wallet_site() -> Iterator[Site]:
    """Serve until the block ends."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer("get", None)

        def do_POST(self) -> None:
            self._answer("post", self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, method: str, body: bytes | None) -> None:
            path = self.path.partition("?")[0]
            site.asked.append(self.path)
            found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
            if isinstance(found, str):
                kind = TYPES.get(Path(found).suffix, "application/octet-stream")
                self._send(200, {"Content-Type": kind}, Path(found).read_bytes())
                return
            passed = ("Accept", "Accept-Language", "User-Agent", "Cookie")
            headers = {name: self.headers[name] for name in passed if name in self.headers}
            sent = [body, self.headers["Content-Type"]] if body is not None else []
            given: Any = getattr(Client(headers=headers | {"Host": "localhost"}), method)(self.path, *sent)
            connection.close()
            content = given.content
            if path == "/wallet/sw.js":
                content += site.worker_ending.encode()
            self._send(given.status_code, dict(given.headers), content)

        def _send(self, status: int, headers: dict[str, str], content: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                if name != "Content-Length":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.origin = f"http://localhost:{server.server_port}"
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
