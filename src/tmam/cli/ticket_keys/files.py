"""Small files that the commands read and write."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from tmam.cli.operator_error import OperatorError

LARGEST_BYTES: Final = 65_536


def read_small(path: Path) -> str:
    """The text of a file of at most 64 KiB.

    Raises:
        OperatorError: it cannot be read, is larger, or is no text.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            raise OperatorError(f"{path} is too large to be that.")
        return content.decode()
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise OperatorError(f"{path} is no text file.") from None


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, readable by this user only.

    Raises:
        OperatorError: it is there, or cannot be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except FileExistsError:
        raise OperatorError(f"{path} is there already; it is not overwritten.") from None
    except OSError as error:
        raise OperatorError(f"{path} cannot be written: {error.strerror}.") from None


def check_new(path: Path) -> None:
    """See before long work that a file can be written after it.

    Raises:
        OperatorError: it is there, or its folder is not.
    """
    if path.exists():
        raise OperatorError(f"{path} is there already; it is not overwritten.")
    if not path.absolute().parent.is_dir():
        raise OperatorError(f"There is no folder {path.absolute().parent}.")
