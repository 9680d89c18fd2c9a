"""The hot shell for httpx without a server: requests and answers as the shell's own values."""

from __future__ import annotations

import httpx

from tmam.hot.app import HotShell
from tmam.hot.http import Request, answer_headers


class ShellTransport(httpx.AsyncBaseTransport):
    """Hands requests to a started shell. What the server itself does (bodies, signals) is tested with a real one."""

    def __init__(self, shell: HotShell) -> None:
        self._shell = shell

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = Request(
            request.method,
            request.url.path,
            {name.decode().lower(): value.decode("latin-1") for name, value in request.headers.raw},
            await request.aread(),
            request.url.query.decode(),
            "127.0.0.1",
        )
        answer = await self._shell.answer(asked)
        headers = answer_headers(answer, asked.request_id)
        return httpx.Response(answer.status, headers=headers, content=answer.body)
