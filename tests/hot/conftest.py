"""The hot shell in this process, spoken to without a server, on the test's database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
import pytest

from tests.hot.transport import ShellTransport
from tmam.hot.app import HotShell
from tmam.platform.settings import current_settings

R = TypeVar("R")
Talk = Callable[[Callable[[httpx.AsyncClient], Awaitable[R]]], R]


@pytest.fixture
def talk(dsn: str) -> Talk[object]:
    """Run a conversation with a started shell; the client is a fresh browser on our own origin."""
    del dsn

    def run(conversation: Callable[[httpx.AsyncClient], Awaitable[R]]) -> R:
        async def with_shell() -> R:
            shell = HotShell(current_settings())
            await shell.start()
            origin = current_settings().origin
            transport = ShellTransport(shell)
            try:
                async with httpx.AsyncClient(
                    transport=transport, base_url=origin, headers={"Origin": origin}
                ) as client:
                    return await conversation(client)
            finally:
                await shell.stop()

        return asyncio.run(with_shell())

    return run
