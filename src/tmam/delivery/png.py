"""A ticket as a picture for a phone: 1080 px wide, as tall as it needs."""

from __future__ import annotations

from tmam.delivery.faces import TicketFace
from tmam.delivery.printed import printed_document
from tmam.delivery.typesetting import typeset


def render_png(face: TicketFace) -> bytes:
    """One ticket as a PNG; the same face gives the same bytes.

    Raises:
        RenderBusyError, RenderFailedError: see `typesetting.typeset`.
    """
    return typeset(printed_document([face], "phone"), "png")
