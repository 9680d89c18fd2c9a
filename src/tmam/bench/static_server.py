"""A file and nothing else, on the server that serves the product: `python -m tmam.bench.static_server PORT FILE THREADS`.

What it reaches is what the product server could reach for downloads if a request needed no thought.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

FILE_VARIABLE = "TMAM_BENCH_FILE"


def application(environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Read the file and hand it out."""
    del environ
    content = Path(os.environ[FILE_VARIABLE]).read_bytes()
    headers = [("Content-Type", "application/pdf"), ("Content-Length", str(len(content)))]
    start_response("200 OK", headers)
    return [content]


def main(port: int, file: str, threads: int) -> None:
    """Serve until a signal."""
    from granian.constants import Interfaces
    from granian.server import Server

    os.environ[FILE_VARIABLE] = file
    Server(
        "tmam.bench.static_server:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        backlog=1024,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
