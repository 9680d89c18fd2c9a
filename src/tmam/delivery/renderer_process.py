"""One renderer as its parent sees it: started, asked, ended."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from typing import IO

from tmam.delivery.renderer_frames import LENGTH, Answer, RendererConfig, pack, unpack

START_PATIENCE_S = 30.0
END_PATIENCE_S = 2.0
# Whatever the server was told in its environment (keys, addresses), a renderer needs none of it.
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")


class RendererDiedError(Exception):
    """The process ended, or was ended because it ran out of time."""

    def __init__(self, *, is_out_of_time: bool) -> None:
        super().__init__("out of time" if is_out_of_time else "died")
        self.is_out_of_time = is_out_of_time


class RendererProcess:
    """A child that draws files. Used by one thread."""

    def __init__(self, config: RendererConfig) -> None:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        self.files = 0
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tmam.delivery.renderer"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # a Ctrl-C at the terminal reaches only the parent
        )
        self._unsent = pack(replace(config, parent=os.getpid()))

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._child.pid

    def ask(self, frame: bytes, limit_s: float) -> Answer:
        """Have one file drawn; the first one also waits for the process to be up.

        Raises:
            RendererDiedError: it did, or the file took longer than the limit.
        """
        deadline = time.monotonic() + limit_s + (0 if self.files else START_PATIENCE_S)
        self.files += 1
        try:
            self._write(self._unsent + frame)
            self._unsent = b""
            (length,) = LENGTH.unpack(self._read(LENGTH.size, deadline))
            answer: Answer = unpack(self._read(length, deadline))
        except OSError as error:  # a broken pipe
            raise RendererDiedError(is_out_of_time=False) from error
        return answer

    def close(self) -> None:
        """End it: it leaves by itself when its input ends, unless it is busy."""
        child = self._child
        with suppress(OSError):
            if child.stdin:
                child.stdin.close()
        try:
            child.wait(END_PATIENCE_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdout:
            child.stdout.close()

    def _write(self, data: bytes) -> None:
        pipe = self._child.stdin
        if pipe is None:
            raise RendererDiedError(is_out_of_time=False)
        view = memoryview(data)
        while view:
            view = view[pipe.write(view) :]

    def _read(self, size: int, deadline: float) -> bytes:
        pipe = self._child.stdout
        if pipe is None:
            raise RendererDiedError(is_out_of_time=False)
        parts = bytearray()
        while len(parts) < size:
            left_s = deadline - time.monotonic()
            if left_s <= 0 or not _is_readable(pipe, left_s):
                self._child.kill()
                raise RendererDiedError(is_out_of_time=True)
            part = pipe.read(size - len(parts))
            if not part:
                raise RendererDiedError(is_out_of_time=False)
            parts += part
        return bytes(parts)


def _is_readable(pipe: IO[bytes], patience_s: float) -> bool:
    """Whether something, or the end, can be read in time. `poll`: a server's descriptors may be above 1,024."""
    look = select.poll()
    look.register(pipe, select.POLLIN | select.POLLHUP)
    return bool(look.poll(patience_s * 1000))
