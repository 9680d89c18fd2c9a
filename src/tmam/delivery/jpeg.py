"""A ticket as a photograph: the same picture as the PNG, for old phones, photo frames and shops that print photos."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from tmam.delivery.drawings import Drawing, drawing_of
from tmam.delivery.faces import TicketFace
from tmam.delivery.printed import PrintedDocument, printed_document
from tmam.delivery.typesetting import PNG_PIXELS_PER_INCH, typeset

# The code's edges stay sharp enough for every reader from quality 60 on; 80 keeps the small print clean as well.
# Colour is kept at full resolution: white letters on the organizer's colour would blur otherwise.
QUALITY: Final = 80
_FULL_COLOUR: Final = 0


def render_jpeg(face: TicketFace) -> bytes:
    """One ticket as a JPEG, 1080 px wide; the same face gives the same bytes.

    Raises:
        RenderBusyError, RenderFailedError: see `typesetting.typeset`.
    """
    return typeset_jpeg(printed_document([face], "phone"))


def jpeg_drawing(face: TicketFace, *, event_id: int) -> Drawing:
    """The same picture, for the renderers."""
    document = printed_document([face], "phone")
    return drawing_of(document, typeset_jpeg, event_id=event_id, extension="jpg", media_type="image/jpeg")


def typeset_jpeg(document: PrintedDocument) -> bytes:
    """A document of the phone's layout as a JPEG.

    Raises:
        RenderBusyError, RenderFailedError: see `typesetting.typeset`.
    """
    kept = io.BytesIO()
    with Image.open(io.BytesIO(typeset(document, "png"))) as picture:
        picture.convert("RGB").save(
            kept,
            "JPEG",
            quality=QUALITY,
            subsampling=_FULL_COLOUR,
            optimize=True,
            dpi=(PNG_PIXELS_PER_INCH, PNG_PIXELS_PER_INCH),
        )
    return kept.getvalue()
