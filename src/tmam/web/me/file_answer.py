"""The answer that hands out a file: whole, a part of it, or a word that the client has it. Knows no framework."""

from __future__ import annotations

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

    @property
    def etag(self) -> str:
        """A strong tag: the same tag, the same bytes."""
        return f'"{self.sha256.hex()[:32]}"'


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
    """What to say; None if the file is not there any more.

    Nothing in between may keep a ticket, and no browser should on a disk that others use (`no-store`); the tag is for
    downloads that broke and for programs.
    """
    headers = {
        "ETag": offer.etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
    }
    if has_already(asked.if_none_match, offer.etag):
        return FileAnswer(HTTPStatus.NOT_MODIFIED, headers, b"")
    headers |= {
        "Content-Type": offer.media_type,
        "Content-Disposition": f'attachment; filename="{offer.saved_as}"',
    }
    is_head = asked.method == "HEAD"
    part = (
        wanted_part(asked.range, asked.if_range, offer.etag, offer.size)
        if asked.range and not is_head
        else None
    )
    if part is not None and not part.is_satisfiable:
        return FileAnswer(
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            {**headers, "Content-Range": f"bytes */{offer.size}", "Content-Length": "0"},
            b"",
        )
    start, end = (part.start, part.end) if part else (0, offer.size)
    headers["Content-Length"] = str(end - start)
    body = b"" if is_head else offer.read(start, end)
    if body is None or len(body) != (0 if is_head else end - start):
        return None
    if part is None:
        return FileAnswer(HTTPStatus.OK, headers, body, is_fetched=not is_head)
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{offer.size}"
    return FileAnswer(HTTPStatus.PARTIAL_CONTENT, headers, body, is_fetched=start == 0)
