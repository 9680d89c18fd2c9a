"""Pictures from strangers, made harmless: decoded by a process of their own, drawn anew, small, without metadata.

What this process holds is the file as it came and the PNG that comes back. What the other one may hold is bounded by
the kernel (`picture_child.MEMORY_BYTES`, `CPU_SECONDS`), and only one runs at a time. At most two requests wait for
it, and shortly: uploads can hold three threads of the product server, never all.
"""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
from dataclasses import dataclass
from typing import Final, get_args

import structlog

from tmam.platform.errors import BusyError
from tmam.platform.picture_headers import REFUSED, Why, kind_of
from tmam.platform.slots import Slots

# Wall time, for a machine that is busy: of processor it gets `picture_child.CPU_SECONDS`.
PATIENCE_S: Final = 8.0
MOST_WAITING: Final = 2
WAIT_S: Final = 3.0
RETRY_AFTER_S: Final = 5

_one_at_a_time = Slots(1, MOST_WAITING, WAIT_S, RETRY_AFTER_S)
_log = structlog.get_logger()


class PictureRefusedError(Exception):
    """A picture is not taken."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


@dataclass(frozen=True)
class CleanPicture:
    """A PNG of ours and its sides in pixels."""

    png: bytes
    width: int
    height: int


def clean_picture(
    data: bytes, *, box: tuple[int, int], most_bytes: int, patience_s: float = PATIENCE_S
) -> CleanPicture:
    """Turn a PNG, JPEG or WebP into a PNG within `box` (width, height in pixels) and `most_bytes`.

    It is upright whatever its EXIF says, its colours are eight-bit sRGB, its transparency stays. At most 4,000 pixels
    a side; the header is checked before anything is decoded.

    Raises:
        PictureRefusedError: no such kind, damaged, animated, too large, too slow to read, or nothing to be seen on white.
        BusyError: others are waiting already or were for longer than `WAIT_S`, or the machine has no time for it.
    """
    if kind_of(data) is None:
        raise PictureRefusedError("unknown_kind")
    command = [sys.executable, "-P", "-m", "tmam.platform.picture_child"]
    with _one_at_a_time.one():
        try:
            done = subprocess.run(
                [*command, *map(str, box), str(most_bytes)],
                input=data,
                capture_output=True,
                timeout=patience_s,
                env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise BusyError(retry_after_s=RETRY_AFTER_S) from error
    if done.returncode != 0:
        raise PictureRefusedError(_why(done))
    width, height = struct.unpack_from(">II", done.stdout, 16)
    return CleanPicture(done.stdout, width, height)


def _why(done: subprocess.CompletedProcess[bytes]) -> Why:
    word = done.stderr.decode(errors="replace")
    if done.returncode == REFUSED:
        for why in get_args(Why):
            if word == why:
                return why  # type: ignore[no-any-return]  # one of its own words
    if done.returncode == -signal.SIGXCPU:
        return "too_slow"
    # A decoder that crashed or ran into its bounds: the picture is to blame, and somebody should know.
    _log.warning("platform.picture_decoder_failed", status=done.returncode, reason=word[-300:])
    return "damaged"
