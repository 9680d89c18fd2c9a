"""Waiting for something that happens in another process or thread, without guessing how long it takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_S = 30.0
LOOK_EVERY_S = 0.02


def wait_until(is_true: Callable[[], bool], patience_s: float = PATIENCE_S) -> bool:
    """Whether something became true; returns as soon as it does."""
    until = time.monotonic() + patience_s
    pause = threading.Event()
    while not is_true():
        if time.monotonic() > until:
            return False
        pause.wait(LOOK_EVERY_S)
    return True


def process_is_gone(pid: int) -> bool:
    """Whether a process has ended (a zombie that nobody has waited for counts as ended)."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return True
    return status.rpartition(")")[2].split()[0] == "Z"
