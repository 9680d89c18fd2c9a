"""Tickets as a PDF: one page a ticket, on A4 or Letter, tagged (PDF/UA-1), archivable (PDF/A-2a), fonts embedded."""

from __future__ import annotations

from collections.abc import Sequence

from tmam.delivery.drawings import Drawing, drawing_of
from tmam.delivery.faces import TicketFace
from tmam.delivery.printed import PageLayout, printed_document
from tmam.delivery.typesetting import typeset


def render_pdf(faces: Sequence[TicketFace], layout: PageLayout = "sheet") -> bytes:
    """All these tickets in one file, one page each, in the given order; the same faces give the same bytes.

    `layout` is one of `printed.PageLayout`: the theme's paper, one of the two papers, low ink or large print.

    Raises:
        TooManyTicketsError: more than 100 tickets.
        RenderBusyError, RenderFailedError: see `typesetting.typeset`.
        ValueError: no ticket at all.
    """
    return typeset(printed_document(faces, layout), "pdf")


def pdf_drawing(faces: Sequence[TicketFace], layout: PageLayout = "sheet", *, event_id: int) -> Drawing:
    """The same file, for the renderers.

    Raises:
        TooManyTicketsError: more than 100 tickets.
        ValueError: no ticket at all.
    """
    document = printed_document(faces, layout)
    return drawing_of(
        document, typeset, "pdf", event_id=event_id, extension="pdf", media_type="application/pdf"
    )
