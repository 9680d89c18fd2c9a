"""One renderer: a process that draws files, one after the other, and keeps them. `python -m tmam.delivery.renderer`.

Its parent (`tmam.delivery.renderers`) talks to it through two pipes. It knows no database and no secret but the
store's, its command line names nothing personal, and it ends when its parent does. Of all renderers on a machine one
at a time draws a given file: who draws holds a lock on the file's number in `lock`, which the system takes back from a
process that dies.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import resource
import signal
import sys
import time

from tmam.delivery.drawings import Drawing
from tmam.delivery.errors import RenderBusyError, RenderFailedError, StoreAwayError
from tmam.delivery.renderer_frames import (
    BROKEN,
    DRAWN,
    KNOWN,
    REFUSED,
    STORE_AWAY,
    Answer,
    RendererConfig,
    read_frame,
    write_frame,
)
from tmam.delivery.store import FileStore, open_store
from tmam.platform.logs import configure_logs
from tmam.platform.processes.spawn import die_with_parent

# A document that would need more is ended, with its renderer; the usual need is 130 MB.
MEMORY_BYTES = 2 * 1024**3


def main() -> None:
    """Work until the parent closes its end."""
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints goes to the log, not between our answers
    config = read_frame(asked)
    if not isinstance(config, RendererConfig):
        return
    die_with_parent(config.parent, signal.SIGKILL)
    configure_logs(config.log_format, stream=sys.stderr)
    os.nice(config.niceness)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # it would hold tickets
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    store = open_store(config.store)
    config.lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with config.lock.open("ab") as locks:
        while (drawing := read_frame(asked)) is not None:
            write_frame(answers, _work(drawing, store, locks.fileno()))


def _work(drawing: Drawing, store: FileStore, locks: int) -> Answer:
    try:
        with _Claim(locks, drawing.name):
            size = store.size(drawing.name)
            if size is not None:
                return Answer(KNOWN, bytes=size)
            started_at = time.monotonic()
            content = drawing.draw(*drawing.arguments)
            store.put(drawing.name, content, drawing.media_type)
            return Answer(DRAWN, time.monotonic() - started_at, len(content))
    except StoreAwayError:
        return Answer(STORE_AWAY)
    except (RenderFailedError, RenderBusyError):
        return Answer(REFUSED)
    except Exception as error:  # noqa: BLE001 - whatever a drawing does, the next one must be drawn
        # Only its type: the words of an unknown error may hold a name or a code.
        sys.stderr.write(f"renderer: {drawing.kind}: {type(error).__name__}\n")
        return Answer(BROKEN)


class _Claim:
    """The right to draw one file: a record lock on one byte, at the place that the name's hash says."""

    def __init__(self, locks: int, name: str) -> None:
        self._locks = locks
        self._place = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 2

    def __enter__(self) -> None:
        fcntl.lockf(self._locks, fcntl.LOCK_EX, 1, self._place)

    def __exit__(self, *details: object) -> None:
        fcntl.lockf(self._locks, fcntl.LOCK_UN, 1, self._place)


if __name__ == "__main__":
    main()
