"""The hot shell under the profiler: the application that `profiled` puts in the place of `tmam.hot.server:app`."""

from __future__ import annotations

import asyncio
import cProfile
import os
import time
from typing import TYPE_CHECKING

from tmam.hot.server import RsgiShell
from tmam.hot.server import app as shell

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]  # granian marks no exports

PROFILE_VARIABLE = "TMAM_BENCH_PROFILE"


class ProfiledShell:
    """Counts CPU time from the first request on, and writes it down when the server stops."""

    def __init__(self, shell: RsgiShell) -> None:
        self._shell = shell
        self._profile = cProfile.Profile(time.process_time)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._shell.__rsgi_init__(loop)
        self._profile.enable()

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._profile.disable()
        self._profile.dump_stats(os.environ[PROFILE_VARIABLE])
        self._shell.__rsgi_del__(loop)

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        await self._shell.__rsgi__(scope, protocol)


app = ProfiledShell(shell)
