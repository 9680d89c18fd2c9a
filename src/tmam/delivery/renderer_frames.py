"""What a renderer and its parent say to each other: frames of deflated pickles through two pipes."""

from __future__ import annotations

import pickle
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from tmam.delivery.store import StoreConfig

LENGTH = struct.Struct(">I")
DRAWN, KNOWN, REFUSED, STORE_AWAY, BROKEN = "drawn", "known", "refused", "store_away", "broken"


@dataclass(frozen=True)
class RendererConfig:
    """What a renderer is told first. `niceness` (0–19) lets others go first."""

    store: StoreConfig
    lock: Path
    niceness: int = 0
    log_format: Literal["text", "json"] = "text"
    parent: int = 0


@dataclass(frozen=True)
class Answer:
    """How it went: `drawn` (in `seconds`), `known` (it was there already), `refused`, `store_away` or `broken`."""

    outcome: str
    seconds: float = 0.0
    bytes: int = 0


def pack(value: object) -> bytes:
    """A value as one frame: length, then a deflated pickle. Documents are text and shrink to a fifth."""
    body = zlib.compress(pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL), 1)
    return LENGTH.pack(len(body)) + body


def unpack(frame_body: bytes) -> Any:
    """The value of a frame's body. Only our own processes write frames, through pipes nobody else has."""
    return pickle.loads(zlib.decompress(frame_body))  # noqa: S301 - as said above


def write_frame(pipe: IO[bytes], value: object) -> None:
    """Write one value."""
    pipe.write(pack(value))
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> Any | None:
    """Read one value; None when the other side is gone."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = pipe.read(length)
    return unpack(body) if len(body) == length else None
