"""An S3 store of somebody else's (npm `s3rver`) behind a guard of ours that checks what it does not: every signature.

The guard computes AWS Signature Version 4 from the request as it came (AWS "Authenticating Requests", canonical request
→ string to sign → HMAC chain) and passes only what is signed with the right secret; it also keeps the headers it saw.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from tests.waiting import wait_until
from tmam.platform.embedded_postgres import free_port

PROGRAM = Path(__file__).parent.parent / "outsiders" / "node_modules" / ".bin" / "s3rver"
KEY, SECRET, REGION = "AKEYOFTESTS", "a secret of tests", "eu-south-9"
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})"
)


@dataclass
class Guard:
    """Where the guarded store listens, and the requests it let through."""

    url: str
    passed: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)


@contextmanager
def guarded_s3(folder: Path, bucket: str) -> Iterator[Guard]:
    """The store with an empty bucket, for the length of the block."""
    if not PROGRAM.exists():
        pytest.fail("s3rver is missing: npm ci --prefix tests/outsiders (`make test` does it)")
    port = free_port()
    command = [PROGRAM, "-d", folder, "-a", "127.0.0.1", "-p", str(port), "--configure-bucket", bucket]
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    guard = Guard("")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(port, guard))
    guard.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        assert wait_until(lambda: _listens(port))
        yield guard
    finally:
        server.shutdown()
        server.server_close()
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def _handler(port: int, guard: Guard) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if not is_signed_right(self.command, self.path, headers, body):
                self.send_response(403)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            guard.passed.append((self.command, headers))
            inner = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            signed_address = "X-Amz-Signature=" in self.path
            target = self.path.partition("?")[0] if signed_address else self.path
            inner.request(self.command, target, body, _for_inside(headers))
            said = inner.getresponse()
            content = said.read()
            self.send_response(said.status)
            for name, value in said.getheaders():
                if name.lower() not in {"transfer-encoding", "connection", "content-length"}:
                    self.send_header(name, value)
            length = said.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
            self.send_header("Content-Length", length or "0")
            self.end_headers()
            self.wfile.write(content)
            inner.close()

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = answer  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
            del format, args

    return Handler


def _for_inside(headers: Mapping[str, str]) -> dict[str, str]:
    """The store behind need not believe anybody: it checks signatures of its own key, and only some of them."""
    dropped = {"authorization", "x-amz-content-sha256", "x-amz-date", "content-length", "connection"}
    return {name: value for name, value in headers.items() if name not in dropped}


def is_signed_right(method: str, target: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether a request is signed by our key, in its header or in its query, for our region."""
    parts = urlsplit(target)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if "X-Amz-Signature" in query:
        signature, signed = query.pop("X-Amz-Signature"), query["X-Amz-SignedHeaders"]
        scope, moment, payload = query["X-Amz-Credential"], query["X-Amz-Date"], "UNSIGNED-PAYLOAD"
    else:
        match = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
        if match is None:
            return False
        scope, signed, signature = match.groups()
        moment, payload = headers["x-amz-date"], headers["x-amz-content-sha256"]
        if payload not in {hashlib.sha256(body).hexdigest(), "UNSIGNED-PAYLOAD"}:
            return False
    key, day, region, service, last = scope.split("/")
    if (key, region, service, last) != (KEY, REGION, "s3", "aws4_request") or not moment.startswith(day):
        return False
    names = signed.split(";")
    canonical = "\n".join(
        [
            method,
            parts.path,
            "&".join(
                f"{quote(name, '-_.~')}={quote(value, '-_.~')}" for name, value in sorted(query.items())
            ),
            *[f"{name}:{' '.join(headers[name].split())}" for name in names],
            "",
            signed,
            payload,
        ]
    )
    text = "\n".join(
        [
            "AWS4-HMAC-SHA256",
            moment,
            f"{day}/{region}/{service}/{last}",
            hashlib.sha256(canonical.encode()).hexdigest(),
        ]
    )
    chain = f"AWS4{SECRET}".encode()
    for part in (day, region, service, last):
        chain = hmac.digest(chain, part.encode(), "sha256")
    return hmac.compare_digest(hmac.digest(chain, text.encode(), "sha256").hex(), signature)
