"""Requests as bytes, made once and filled in where they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from tmam.kernel.ids import new_uuid7
from tmam.platform.visitors import COOKIE, sign_visitor

CODE_MARK = b'"code":"'


def head(method: str, path: str, host: str, headers: Mapping[str, str] | None = None) -> bytes:
    """A request's line and headers, the last of them open for more."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def with_json(start: bytes, body: bytes, cookie: bytes = b"") -> bytes:
    """A whole request with a JSON body; `start` comes from `head`, `cookie` from `visitors`."""
    return b"%bContent-Type: application/json\r\n%bContent-Length: %d\r\n\r\n%b" % (
        start,
        cookie,
        len(body),
        body,
    )


def visitors(secret: str) -> Iterator[bytes]:
    """Cookie headers of ever new visitors, signed as the shop signs them."""
    while True:
        now = datetime.now(UTC)
        for _ in range(500):
            yield f"Cookie: {COOKIE}={sign_visitor(new_uuid7(now), secret)}\r\n".encode("ascii")


def reason(status: int, body: bytes) -> str:
    """Why an answer is an error: its status and, from a problem document, its code."""
    return f"{status} {text_after(CODE_MARK, body).decode()}".strip()


def text_after(mark: bytes, body: bytes) -> bytes:
    """The JSON string that follows `mark` (`"hold":"`) in a body; empty when it is not there."""
    start = body.find(mark)
    if start < 0:
        return b""
    start += len(mark)
    return body[start : body.find(b'"', start)]
