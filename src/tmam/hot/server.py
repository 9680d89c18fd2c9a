"""The hot shell as an RSGI application (https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md).

RSGI hands over a request and takes an answer in one call each; through ASGI's messages the same server and the same
shell take twice the time per request (docs/performance.md).
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from typing import TYPE_CHECKING

from granian.rsgi import (  # type: ignore[attr-defined]  # granian does not mark what it exports
    ProtocolClosed,
    ProtocolError,
)

from tmam.hot.app import HotShell
from tmam.hot.http import LARGEST_BODY_KB, Request, answer_headers
from tmam.platform.errors import TooLargeError
from tmam.platform.front_parts import BODY_LIMIT_KIB
from tmam.platform.processes.spawn import die_with_parent
from tmam.platform.settings import current_settings

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]  # as above

LARGEST_BODY = LARGEST_BODY_KB * 1024
# More than the front lets through.
MOST_READ = 2 * BODY_LIMIT_KIB * 1024


class RsgiShell:
    """Granian's three calls: before the first request, for each request, after the last."""

    def __init__(self, shell: HotShell) -> None:
        self._shell = shell

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Open the database and the desks."""
        die_with_parent(os.getppid(), signal.SIGTERM)
        loop.run_until_complete(self._shell.start())
        # Requests make no cycles worth looking for every 700 allocations; what is imported by now stays anyway.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer what was accepted, then close."""
        loop.run_until_complete(self._shell.stop())

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        """Serve one request. Half a request is none; who hung up is not answered."""
        request = Request(
            scope.method,
            scope.path,
            dict(scope.headers.items()),
            b"",
            scope.query_string,
            scope.client.rpartition(":")[0],
        )
        try:
            request.body = await _body(request, protocol)
            answer = await self._shell.answer(request)
        except TooLargeError as error:
            answer = self._shell.refusal(error, request)
        except (ProtocolError, ProtocolClosed):
            return
        headers = answer_headers(answer, request.request_id)
        if request.method == "HEAD":
            protocol.response_empty(answer.status, headers)
        else:
            protocol.response_bytes(answer.status, headers, answer.body)


async def _body(request: Request, protocol: HTTPProtocol) -> bytes:
    """The whole body, of bounded size whatever its length is said to be.

    Raises:
        TooLargeError: it is larger than any request of ours.
    """
    length = request.headers.get("content-length")
    if length is not None:
        if not length.isdigit() or int(length) <= LARGEST_BODY:
            body: bytes = await protocol()
            return body
    elif "transfer-encoding" not in request.headers:
        return b""
    # Too long, or of unknown length. It is read on all the same: Granian closes a connection whose request was not
    # read, and the front would lose the next visitor's request on it (see `tmam.web.whole_body`).
    parts, read_bytes = bytearray(), 0
    async for chunk in protocol:
        read_bytes += len(chunk)
        if read_bytes <= LARGEST_BODY:
            parts += chunk
        elif read_bytes > MOST_READ:
            break
    if length is not None or read_bytes > LARGEST_BODY:
        raise TooLargeError(limit_kb=LARGEST_BODY_KB)
    return bytes(parts)


app = RsgiShell(HotShell(current_settings()))
