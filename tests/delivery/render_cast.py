"""Drawings that behave in ways that documents should not. Renderers find these functions by their module."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from tmam.delivery.drawings import Drawing
from tmam.delivery.errors import RenderFailedError


def made(draw: Callable[..., bytes], *arguments: object, name: str = "") -> Drawing:
    """A drawing with a name of its own."""
    name = name or f"tickets/7/ab/{uuid4().hex}.txt"
    return Drawing(name, "text/plain", draw.__name__, draw, arguments)


def write(text: str) -> bytes:
    """Draw a text."""
    return text.encode()


def write_once(text: str, diary: str) -> bytes:
    """Draw a text slowly, and leave a line in a diary each time."""
    with Path(diary).open("a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(0.15)
    return text.encode()


def wait_for(path: str) -> bytes:
    """Draw only once a file is there."""
    while not Path(path).exists():
        time.sleep(0.005)
    return b"at last"


def die(diary: str, times: int) -> bytes:
    """Take the renderer along, the first few times."""
    path = Path(diary)
    before = path.read_text() if path.exists() else ""
    path.write_text(before + ".")
    if len(before) < times:
        os.kill(os.getpid(), signal.SIGKILL)
    return b"survived"


def sleep_for_ever() -> bytes:
    """Never come back."""
    time.sleep(3600)
    return b""


def refuse() -> bytes:
    """Say that it cannot be drawn."""
    raise RenderFailedError("txt")


def trip(name: str) -> bytes:
    """Fail in a way that nobody foresaw, with something personal in the words."""
    raise KeyError(name)


def eat_memory() -> bytes:
    """Ask for more than a renderer may have."""
    return bytes(3 * 1024**3)


def tell_environment() -> bytes:
    """What the process was told, and what others can read of it."""
    command = Path("/proc/self/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return "\n".join([command, *sorted(os.environ)]).encode()
