"""The state folder: everything that must be kept, used by one `tmam` at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LOG_LIMIT_BYTES = 20_000_000


class StateFolderError(Exception):
    """The folder cannot be used; the text is one sentence for the operator."""


def check_state_folder(folder: Path) -> None:
    """Make the folder if it is missing, and see that we can read and write it.

    Raises:
        StateFolderError: with one sentence why not.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise StateFolderError(
            f"The data folder {folder} is a file, not a folder; choose another with STATE=folder."
        ) from None
    except OSError as error:
        raise StateFolderError(f"The data folder {folder} cannot be made: {error.strerror}.") from error
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise StateFolderError(
            f"The data folder {folder} cannot be read and written by this user; give it to the user or choose another "
            "with STATE=folder."
        )


@contextmanager
def locked_state_folder(folder: Path) -> Iterator[None]:
    """Hold the folder for us alone; the system gives it back even if we are killed.

    Raises:
        StateFolderError: another process is using it, or it cannot be used.
    """
    check_state_folder(folder)
    try:
        lock = (folder / "lock").open("a")
    except OSError as error:
        raise StateFolderError(f"The data folder {folder} cannot be written: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateFolderError(
                f"Another tmam is already using the data folder {folder}; stop it first or choose another with STATE=folder."
            ) from None
        yield


def open_log(folder: Path, name: str) -> IO[bytes]:
    """Open a program's log in the state folder for appending; one that has grown large is set aside first."""
    return log_path(folder, name).open("ab")


def log_path(folder: Path, name: str, *, limit_bytes: int = LOG_LIMIT_BYTES) -> Path:
    """The log of a program, its folder made and an old large one set aside."""
    logs = folder / "log"
    logs.mkdir(mode=0o700, exist_ok=True)
    path = logs / f"{name}.log"
    if path.exists() and path.stat().st_size > limit_bytes:
        path.replace(path.with_suffix(".log.1"))
    return path
