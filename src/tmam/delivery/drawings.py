"""A file that is still to be drawn: what a renderer needs for it, and the name under which it will be kept.

A renderer is another process (`tmam.delivery.renderers`), so a drawing travels: `draw` is a function of a module, and
`arguments` are plain data. The name says what is in the file, so a changed ticket has another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from tmam.delivery.printed import PrintedDocument
from tmam.delivery.typesetting import template_version


@dataclass(frozen=True)
class Drawing:
    """`draw(*arguments)` gives the file's bytes, the same ones each time. `kind` groups those that cost the same.

    `draw` may raise `RenderFailedError`; it runs in a process without Django and without the database.
    """

    name: str
    media_type: str
    kind: str
    draw: Callable[..., bytes]
    arguments: tuple[object, ...]


def drawing_of(
    document: PrintedDocument,
    draw: Callable[..., bytes],
    *options: str,
    event_id: int,
    extension: str,
    media_type: str,
) -> Drawing:
    """`draw(document, *options)` as a drawing, kept as `tickets/<event>/<2 digits>/<64 digits>.<extension>`.

    The digits are the SHA-256 of everything that decides about the bytes: document, function, options, templates.
    """
    digest = hashlib.sha256()
    kind = ".".join((draw.__module__, draw.__qualname__, *options))
    for part in (kind, extension, template_version(), str(document.issued_at), document.data):
        digest.update(hashlib.sha256(part.encode()).digest())
    key = digest.hexdigest()
    name = f"tickets/{event_id}/{key[:2]}/{key}.{extension}"
    return Drawing(name, media_type, kind, draw, (document, *options))
