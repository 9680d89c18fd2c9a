"""A ticket as a picture for a phone: 1080 px wide, as tall as it needs."""

from __future__ import annotations

from tmam.delivery.drawings import Drawing, drawing_of
from tmam.delivery.faces import TicketFace
from tmam.delivery.printed import printed_document
from tmam.delivery.typesetting import typeset


def render_png(face: TicketFace) -> bytes:
    """One ticket as a PNG; the same face gives the same bytes.

    Raises:
        RenderBusyError, RenderFailedError: see `typesetting.typeset`.
    """
    return typeset(printed_document([face], "phone"), "png")


def png_drawing(face: TicketFace, *, event_id: int) -> Drawing:
    """The same picture, for the renderers."""
    document = printed_document([face], "phone")
    return drawing_of(document, typeset, "png", event_id=event_id, extension="png", media_type="image/png")
