"""`python -m tmam.bench.profiled FILE ARGUMENTS…`: a `tmam` command under the profiler, in CPU time, without its imports."""

from __future__ import annotations

import cProfile
import runpy
import sys
import time
from importlib import import_module
from pathlib import Path

IMPORTED_BEFORE = ("uvicorn", "uvicorn.protocols.http.httptools_impl", "tmam.hot.app")


def main(measured: Path, arguments: list[str]) -> None:
    """Run the command and write down what it spent its time on, however it ends."""
    for name in IMPORTED_BEFORE:
        import_module(name)
    sys.argv = ["tmam", *arguments]
    profile = cProfile.Profile(time.process_time)
    try:
        profile.runcall(runpy.run_module, "tmam.cli", run_name="__main__", alter_sys=True)
    finally:
        profile.dump_stats(measured)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
