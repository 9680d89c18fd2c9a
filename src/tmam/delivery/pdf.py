"""Tickets as a PDF: A4, one page a ticket, tagged (PDF/UA-1), archivable (PDF/A-2a), fonts embedded."""

from __future__ import annotations

from collections.abc import Sequence

from tmam.delivery.drawings import Drawing, drawing_of
from tmam.delivery.faces import TicketFace
from tmam.delivery.printed import printed_document
from tmam.delivery.typesetting import typeset


def render_pdf(faces: Sequence[TicketFace]) -> bytes:
    """All these tickets in one file, one page each, in the given order; the same faces give the same bytes.

    Raises:
        TooManyTicketsError: more than 100 tickets.
        RenderBusyError, RenderFailedError: see `typesetting.typeset`.
        ValueError: no ticket at all.
    """
    return typeset(printed_document(faces, "a4"), "pdf")


def pdf_drawing(faces: Sequence[TicketFace], *, event_id: int) -> Drawing:
    """The same file, for the renderers.

    Raises:
        TooManyTicketsError: more than 100 tickets.
        ValueError: no ticket at all.
    """
    document = printed_document(faces, "a4")
    return drawing_of(
        document, typeset, "pdf", event_id=event_id, extension="pdf", media_type="application/pdf"
    )
