"""Twilio's Messages API on the loopback address, as its own SDK speaks to it."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@dataclass
class TwilioServer:
    """What was asked of it, and what it answers: statuses are taken in turn, the last one stays."""

    base: str = ""
    statuses: list[int] = field(default_factory=lambda: [201])
    asked: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def twilio_server(*statuses: int) -> Iterator[TwilioServer]:
    """A server for one test."""
    state = TwilioServer(statuses=list(statuses) or [201])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            who = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
            state.asked.append({"path": self.path, "who": who, **form})
            status = state.statuses.pop(0) if len(state.statuses) > 1 else state.statuses[0]
            answer = {"sid": "SM0123", "status": "queued", "body": form.get("Body"), "to": form.get("To")}
            if status >= 400:
                answer = {"code": 21211, "message": f"no to {form.get('To')}", "status": status}  # type: ignore[dict-item]  # JSON
            raw = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    state.base = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
