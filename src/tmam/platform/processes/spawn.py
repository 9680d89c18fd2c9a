"""Start programs whose life is tied to ours: when we die, even by `kill -9`, they get a signal and stop."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1  # prctl(2)
_libc = ctypes.CDLL(None, use_errno=True)


def spawn(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    output: IO[bytes] | int | None,
    death_signal: signal.Signals = signal.SIGTERM,
    folder: Path | None = None,
    before_exec: Callable[[], None] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that a Ctrl-C at the terminal reaches only us.

    On Linux the kernel sends it `death_signal` when the thread that called this ends, so call it from the
    main thread. `before_exec` runs in the child first (to change its user). Other systems have no such wish:
    there a `kill -9` of ours leaves the children running, and the next start says that the port is busy.

    Raises:
        OSError: the program cannot be started.
        subprocess.SubprocessError: `before_exec` failed.
    """
    parent = os.getpid()

    def prepare() -> None:
        if before_exec is not None:
            before_exec()
        die_with_parent(parent, death_signal)

    return subprocess.Popen(
        [str(part) for part in argv],
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=folder,
        start_new_session=True,
        preexec_fn=prepare,  # noqa: PLW1509 - what starts programs has no threads
    )


def die_with_parent(parent: int, death_signal: signal.Signals) -> None:
    """Ask the kernel to send us `death_signal` when our parent (process number `parent`) ends. Linux only.

    A change of user clears this wish, so it comes after one.
    """
    if not sys.platform.startswith("linux"):
        return
    _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


def stop(process: subprocess.Popen[bytes], *, with_signal: signal.Signals, patience_s: float) -> int:
    """Stop a child: the signal, then after `patience_s` `SIGKILL` for its whole group. Returns its exit status."""
    if process.poll() is None:
        process.send_signal(with_signal)
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            kill_group(process.pid)
    status = process.wait()
    kill_group(process.pid)  # grandchildren that outlived it
    return status


def kill_group(group: int) -> None:
    """`SIGKILL` for every process that is left in a child's group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
