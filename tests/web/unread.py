"""What `test_whole_body` has served: answers without reading, behind what reads for it; bare with another name."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from tmam.web.whole_body import WholeBody


def bare(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Says no at once."""
    if environ["PATH_INFO"] == "/broken":
        raise RuntimeError
    start_response("413 Too Large", [("Content-Length", "2"), ("Content-Type", "text/plain")])
    return [b"no"] if environ["PATH_INFO"] == "/list" else iter([b"no"])


application = WholeBody(bare)

if __name__ == "__main__":
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "tests.web.unread:application",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=2,
        log_enabled=False,
    ).serve()
