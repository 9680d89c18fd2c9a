"""The files of an order: its tickets in every layout, its dates for a calendar. For mails and downloads alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.conf import settings

from tmam.delivery.barcodes import code_png
from tmam.delivery.calendar import event_calendar
from tmam.delivery.compose_calendar import compose_calendar_entry
from tmam.delivery.compose_face import compose_face
from tmam.delivery.errors import TooManyTicketsError
from tmam.delivery.faces import TicketFace
from tmam.delivery.html import render_html
from tmam.delivery.jpeg import jpeg_drawing
from tmam.delivery.packs import MAX_FILES_PER_PACK, MEDIA_TYPE, pack_drawing, pack_files
from tmam.delivery.pdf import pdf_drawing
from tmam.delivery.png import png_drawing
from tmam.delivery.printed import PageLayout
from tmam.fulfilment.files import PlannedFile, TicketFile
from tmam.fulfilment.finish_files import finished
from tmam.fulfilment.themes import code_kind_of, theme_for
from tmam.orders.order_summary import OrderSummary, TicketLine
from tmam.platform.brief_cache import BriefCache
from tmam.platform.statements import run_verb
from tmam.tickets.errors import TicketBoundError
from tmam.tickets.signing_keys import LoadedKey, load_signing_key
from tmam.tickets.token_of import token_of

# A key never changes under its number; a second is enough for a surge, and less to keep in memory.
_keys: BriefCache[tuple[int, int], LoadedKey] = BriefCache(kept_s=1.0, most=100)


def tokens_of(order: OrderSummary) -> dict[int, str]:
    """The code of each ticket that admits somebody, by serial; one that is bound to a device has none here."""
    keys: dict[int, LoadedKey] = {}
    tokens: dict[int, str] = {}
    for line in order.valid_lines:
        ticket = line.ticket
        if ticket.device_key is not None:
            continue
        if ticket.key_id not in keys:
            keys[ticket.key_id] = _keys.get_or(
                (ticket.event_id, ticket.key_id),
                lambda ticket=ticket: run_verb(load_signing_key(ticket.event_id, ticket.key_id)),  # type: ignore[misc]
            )
        tokens[ticket.serial] = token_of(ticket, keys[ticket.key_id])
    return tokens


def tickets_pdf(
    order: OrderSummary, lines: Sequence[TicketLine], *, language: str, poster_svg: bytes | None = None
) -> TicketFile:
    """These tickets of an order in one PDF.

    Raises:
        TooManyTicketsError, RenderBusyError, RenderFailedError: see `delivery.errors`.
        ValueError: no ticket that admits somebody.
    """
    return finished(planned_pdf(order, lines, language=language, poster_svg=poster_svg))


def planned_pdf(
    order: OrderSummary,
    lines: Sequence[TicketLine],
    *,
    language: str,
    layout: PageLayout = "sheet",
    poster_svg: bytes | None = None,
) -> PlannedFile:
    """The same, not drawn yet, in this layout.

    Raises:
        TooManyTicketsError: more than 100 tickets.
        ValueError: no ticket that admits somebody.
    """
    name = _files_name(order, lines) + ("" if layout == "sheet" else f"-{layout}")
    faces = _faces(order, lines, language, poster_svg)
    return PlannedFile(f"tmam-{name}.pdf", pdf_drawing(faces, layout, event_id=order.event.id))


def planned_pictures(
    order: OrderSummary,
    lines: Sequence[TicketLine],
    *,
    language: str,
    kind: Literal["png", "jpg"],
    poster_svg: bytes | None = None,
) -> PlannedFile:
    """A ticket as a picture, not drawn yet; of several tickets a ZIP with a picture of each.

    Raises:
        TooManyTicketsError: more than `MAX_FILES_PER_PACK`.
        TicketBoundError: every ticket lives in a phone.
    """
    draw = {"png": png_drawing, "jpg": jpeg_drawing}[kind]
    event_id, reference = order.event.id, order.order.booking_reference
    faces = _faces(order, lines, language, poster_svg)
    _check_pack(len(faces))
    drawn = [(f"tmam-{reference}-{face.serial}.{kind}", draw(face, event_id=event_id)) for face in faces]
    if len(drawn) == 1:
        return PlannedFile(*drawn[0])
    return PlannedFile(f"tmam-{reference}-{kind}.zip", pack_drawing(drawn, event_id=event_id))


def tickets_page(order: OrderSummary, lines: Sequence[TicketLine], *, language: str) -> TicketFile:
    """These tickets of an order as one plain HTML file, made at once.

    Raises:
        TooManyTicketsError: more than 100 tickets.
        ValueError: no ticket that admits somebody.
    """
    content = render_html(_faces(order, lines, language, None))
    return TicketFile(f"tmam-{_files_name(order, lines)}.html", content, "text/html")


def code_images(order: OrderSummary, lines: Sequence[TicketLine]) -> TicketFile:
    """The code of one ticket alone, as a small picture: made at once, readable on anything with a screen.

    Of several tickets a ZIP with a picture of each; of those that live in a phone, none.

    Raises:
        TooManyTicketsError: more than `MAX_FILES_PER_PACK`.
        TicketBoundError: every ticket lives in a phone.
    """
    tokens = tokens_of(order)
    loose = [line for line in lines if line.ticket.serial in tokens]
    if not loose:
        raise TicketBoundError(lines[0].ticket.serial)
    _check_pack(len(loose))
    kind = theme_for(order, "en").code if order.as_of else code_kind_of(order.event)
    codes = [
        (f"tmam-{_ticket_name(order, line)}-code.png", code_png(tokens[line.ticket.serial], kind))
        for line in loose
    ]
    if len(codes) == 1:
        return TicketFile(*codes[0], "image/png")
    packed = pack_files(codes, max(line.ticket.issued_at for line in loose))
    return TicketFile(f"tmam-{order.order.booking_reference}-codes.zip", packed, MEDIA_TYPE)


def _check_pack(count: int) -> None:
    if count > MAX_FILES_PER_PACK:
        raise TooManyTicketsError(count, MAX_FILES_PER_PACK)


def calendar_file(order: OrderSummary, *, language: str, now: datetime) -> TicketFile:
    """Every date of an order, for a calendar. The address in it asks who one is: calendars are shared."""
    reference = order.order.booking_reference
    entries = [
        compose_calendar_entry(
            event=order.event,
            date=date,
            booking_reference=reference,
            language=language,
            host=settings.TMAM.host,
            url=f"{settings.SITE_ORIGIN}/me/orders/{reference}/",
        )
        for date in order.dates
    ]
    return TicketFile(f"tmam-{reference}.ics", event_calendar(entries, now), "text/calendar")


def _faces(
    order: OrderSummary, lines: Sequence[TicketLine], language: str, poster_svg: bytes | None
) -> list[TicketFace]:
    tokens = tokens_of(order)
    if lines and not any(line.ticket.serial in tokens for line in lines):
        raise TicketBoundError(lines[0].ticket.serial)
    theme = theme_for(order, language)
    return [
        compose_face(
            event=order.event,
            date=line.date,
            ticket_type=line.ticket_type,
            ticket=line.ticket,
            token=tokens[line.ticket.serial],
            language=language,
            poster_svg=poster_svg,
            theme=theme,
        )
        for line in lines
        if line.ticket.serial in tokens
    ]


def _files_name(order: OrderSummary, lines: Sequence[TicketLine]) -> str:
    is_whole = len(lines) == len(order.valid_lines)
    return order.order.booking_reference if is_whole else _ticket_name(order, lines[0])


def _ticket_name(order: OrderSummary, line: TicketLine) -> str:
    return f"{order.order.booking_reference}-{line.ticket.serial}"
