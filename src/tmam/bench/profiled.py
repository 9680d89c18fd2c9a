"""`python -m tmam.bench.profiled ARGUMENTS…`: `tmam hot` as ever, but for the profiler around its application."""

from __future__ import annotations

import runpy
import sys
from typing import Any

import granian.server

PROFILED = "tmam.bench.profiled_shell:app"


def main(arguments: list[str]) -> None:
    """Run the command with its server, whose worker loads the profiled application instead."""
    real_server = granian.server.Server

    def server(_target: str, **options: Any) -> object:
        return real_server(PROFILED, **options)

    granian.server.Server = server  # type: ignore[assignment]  # stands in for the class as far as it is called
    sys.argv = ["tmam", *arguments]
    runpy.run_module("tmam.cli", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
