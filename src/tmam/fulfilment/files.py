"""A finished file on its way to a person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TicketFile:
    """A file with the name it is saved under; `media_type` without parameters."""

    name: str
    content: bytes
    media_type: str
