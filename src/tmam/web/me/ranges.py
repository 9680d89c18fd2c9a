"""Which part of a file a client asks for (RFC 9110 §14): how a download that broke goes on. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """Bytes `start` up to, not including, `end`. An empty part cannot be had (status 416)."""

    start: int
    end: int

    @property
    def is_satisfiable(self) -> bool:
        """Whether there is anything in it."""
        return self.start < self.end


def wanted_part(asked: str, if_range: str, etag: str, size: int) -> Part | None:
    """The part that is asked for, or None: the whole file.

    Several ranges, other units and what nobody can read are answered with the whole, as the RFC allows. So is a range
    of another version (`If-Range`), and one of a date, which we do not give out: only the same strong tag will do.
    """
    if if_range and if_range.strip() != etag:
        return None
    match = _ONE_RANGE.fullmatch(asked.replace(" ", ""))
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:  # the last n bytes
        return Part(max(0, size - int(last)), size) if int(last) else Part(size, size)
    start = int(first)
    if last and int(last) < start:
        return None
    return Part(start, min(size, int(last) + 1) if last else size)


def has_already(if_none_match: str, etag: str) -> bool:
    """Whether the client says that it has just this version."""
    tags = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return etag in tags or "*" in tags
