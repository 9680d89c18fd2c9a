"""The answer that hands out a file: whole, a part of it, or a word that the client has it. Knows no framework."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from tmam.web.me.ranges import has_already, wanted_part


@dataclass(frozen=True)
class Offer:
    """A file to hand out. `read(start, end)` gives its bytes, or None if it is not there any more."""

    saved_as: str
    media_type: str
    size: int
    sha256: bytes
    read: Callable[[int, int], bytes | None]

    @functools.cached_property
    def etag(self) -> str:
        """A strong tag: the same tag, the same bytes."""
        return f'"{self.sha256.hex()[:32]}"'

    @functools.cached_property
    def headers(self) -> Mapping[str, str]:
        """What is said of the whole file.

        Nothing in between may keep a ticket, and no browser should on a disk that others use (`no-store`); the tag is
        for downloads that broke and for programs.
        """
        return {
            "ETag": self.etag,
            "Accept-Ranges": "bytes",
            "Cache-Control": "private, no-store",
            "Content-Type": self.media_type,
            "Content-Disposition": f'attachment; filename="{self.saved_as}"',
            "Content-Length": str(self.size),
        }


@dataclass(frozen=True)
class Asked:
    """What of a request matters here."""

    method: str = "GET"
    range: str = ""
    if_range: str = ""
    if_none_match: str = ""


@dataclass(frozen=True)
class FileAnswer:
    """`is_fetched`: the file goes out from its beginning, which counts as one download."""

    status: HTTPStatus
    headers: Mapping[str, str]
    body: bytes
    is_fetched: bool = False


def answer(offer: Offer, asked: Asked) -> FileAnswer | None:
    """What to say; None if the file is not there any more."""
    if asked.if_none_match and has_already(asked.if_none_match, offer.etag):
        short = {name: offer.headers[name] for name in ("ETag", "Accept-Ranges", "Cache-Control")}
        return FileAnswer(HTTPStatus.NOT_MODIFIED, short, b"")
    if asked.method == "HEAD":
        return FileAnswer(HTTPStatus.OK, offer.headers, b"")
    part = wanted_part(asked.range, asked.if_range, offer.etag, offer.size) if asked.range else None
    if part is None:
        body = _read(offer, 0, offer.size)
        return FileAnswer(HTTPStatus.OK, offer.headers, body, is_fetched=True) if body is not None else None
    if not part.is_satisfiable:
        said = {**offer.headers, "Content-Range": f"bytes */{offer.size}", "Content-Length": "0"}
        return FileAnswer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, said, b"")
    body = _read(offer, part.start, part.end)
    if body is None:
        return None
    said = {
        **offer.headers,
        "Content-Range": f"bytes {part.start}-{part.end - 1}/{offer.size}",
        "Content-Length": str(part.end - part.start),
    }
    return FileAnswer(HTTPStatus.PARTIAL_CONTENT, said, body, is_fetched=part.start == 0)


def _read(offer: Offer, start: int, end: int) -> bytes | None:
    """Just these bytes; a file that is shorter than it should be is not there."""
    body = offer.read(start, end)
    return body if body is not None and len(body) == end - start else None
