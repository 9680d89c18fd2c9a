"""What the templates are given: the faces, cleaned and put into words of their language, as one JSON document.

The document holds everything that is printed, so its hash (with the template's) names the finished file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from django.utils import translation
from django.utils.translation import gettext, pgettext

from tmam.delivery.barcodes import code_svg
from tmam.delivery.errors import TooManyTicketsError
from tmam.delivery.faces import TicketFace
from tmam.delivery.texts import printable
from tmam.delivery.themes import MAX_LINE_CHARACTERS, is_printable_logo, logo_svg

# "a4" and "letter" are sheets on that paper; "sheet", "low-ink" and "large" come on the paper of the theme.
PageLayout: TypeAlias = Literal["sheet", "a4", "letter", "low-ink", "large"]
Layout: TypeAlias = PageLayout | Literal["phone"]

MAX_TICKETS_PER_FILE = 100
MAX_POSTER_BYTES = 200_000
MAX_INSTRUCTIONS = 6

_TITLE, _NAME, _LINE, _SENTENCE, _SHORT = 160, 300, 80, 180, 20
_TYPST_PAPERS = {"a4": "a4", "letter": "us-letter"}
_NO_BREAK_SPACE = "\u00a0"


@dataclass(frozen=True)
class PrintedDocument:
    """What one file prints: JSON for the template, and the file's date in Unix seconds."""

    data: str
    issued_at: int

    def without_drawings(self) -> PrintedDocument:
        """The same without its decoration: posters and logos."""
        document = json.loads(self.data)
        document["drawings"] = []
        for ticket in document["tickets"]:
            ticket["poster"] = ticket["logo"] = None
        return PrintedDocument(_dump(document), self.issued_at)


def printed_document(faces: Sequence[TicketFace], layout: Layout) -> PrintedDocument:
    """The document that the template prints: the same faces give the same text.

    The words around the facts are in the language of the first face, the paper is that of its theme. Posters over 200 kB and logos that
    `is_printable_logo` refuses are left out.

    Raises:
        TooManyTicketsError: more than 100 faces.
        ValueError: no face at all.
    """
    if not faces:
        raise ValueError("a file needs at least one ticket")
    if len(faces) > MAX_TICKETS_PER_FILE:
        raise TooManyTicketsError(len(faces), MAX_TICKETS_PER_FILE)
    first = faces[0]
    drawings: list[str] = []
    with translation.override(first.language):
        document: dict[str, object] = {
            "layout": "sheet" if layout in _TYPST_PAPERS else layout,
            "paper": _TYPST_PAPERS[layout if layout in _TYPST_PAPERS else first.theme.paper],
            "language": first.language.replace("_", "-").partition("-")[0],
            "title": f"{printable(first.event_title, _TITLE)[0]} · {printable(first.booking_reference, _LINE)[0]}",
            "author": printable(first.organizer_name, _LINE)[0],
            "words": _words(is_trip=first.is_trip),
            "tickets": [_ticket(face, drawings) for face in faces],
            "drawings": drawings,
        }
    return PrintedDocument(_dump(document), int(max(face.issued_at for face in faces).timestamp()))


def _dump(document: dict[str, object]) -> str:
    return json.dumps(document, sort_keys=True, ensure_ascii=False)


def _words(*, is_trip: bool) -> dict[str, str]:
    return {
        "date": gettext("Date"),
        "starts": gettext("Departs") if is_trip else gettext("Starts"),
        "ends": gettext("Ends"),
        "doors": gettext("Doors open"),
        "entrance": gettext("Entrance"),
        "venue": pgettext("station", "From") if is_trip else gettext("Venue"),
        "place": gettext("Your place"),
        "type": gettext("Ticket type"),
        "date_label": gettext("Trip") if is_trip else gettext("Session"),
        "name": gettext("Name"),
        "reference": gettext("Booking reference"),
        "ticket": gettext("Ticket"),
        "price": gettext("Price"),
        "price_note": gettext("fees and taxes included"),
        "before_you_come": gettext("Before you come"),
        "good_to_know": gettext("Good to know"),
    }


def _ticket(face: TicketFace, drawings: list[str]) -> dict[str, object]:
    title, title_whole = _checked(face.event_title, _TITLE)
    name, name_whole = _checked(face.holder_name, _NAME)
    serial = str(face.serial)
    good_to_know = [
        gettext("If the code cannot be read, show the booking reference and your name."),
        face.transfer_policy,
        gettext("Sold by %(organizer)s.") % {"organizer": face.organizer_name},
    ]
    if not (title_whole and name_whole):
        good_to_know.append(
            gettext("Some letters could not be printed here. What counts is the name in your booking.")
        )
    return {
        "title": title or _line(face.booking_reference),
        "name": name,
        "serial": serial,
        "code": code_svg(face.token, face.theme.code).decode(),
        "is_wide": face.theme.code == "pdf417",
        "bars_alt": gettext("Bars of the booking reference"),
        "bars": code_svg(face.booking_reference, "code128").decode()
        if face.theme.shows_reference_bars
        else None,
        "code_alt": gettext("Code of ticket %(serial)s") % {"serial": serial},
        "poster": _drawing_number(_poster(face), drawings),
        "logo": _drawing_number(_logo(face), drawings),
        "hue": face.theme.accent_hue % 360,
        "line": printable(face.theme.line, MAX_LINE_CHARACTERS)[0],
        "organizer": _line(face.organizer_name),
        "reference": _line(face.booking_reference),
        "day": _line(face.day),
        "time": _unbroken(face.time),
        "zone": _line(face.zone),
        "ends": _unbroken(face.ends),
        "doors": _unbroken(face.doors),
        "entrance": _line(face.entrance),
        "date_label": _line(face.date_label),
        "venue": _line(face.venue_name),
        "address": printable(face.venue_address, _SENTENCE)[0],
        "place": " · ".join(_unbroken(part) for part in face.place.split(" · ")),
        "type": _line(face.ticket_type),
        "price": _line(face.price),
        "instructions": _sentences(face.instructions[:MAX_INSTRUCTIONS]),
        "good_to_know": _sentences(good_to_know),
    }


def _checked(text: str, limit: int) -> tuple[str, bool]:
    shown, is_incomplete = printable(text, limit)
    return shown, not is_incomplete


def _line(text: str) -> str:
    return printable(text, _LINE)[0]


def _unbroken(text: str) -> str:
    """A short text that stays on one line: "row 4" is not torn apart."""
    shown = _line(text)
    return shown.replace(" ", _NO_BREAK_SPACE) if len(shown) <= _SHORT else shown


def _sentences(texts: Sequence[str]) -> list[str]:
    shown = (printable(text, _SENTENCE)[0] for text in texts)
    return [text for text in shown if text]


def _poster(face: TicketFace) -> str | None:
    poster = face.poster_svg
    if poster is None or not face.theme.shows_poster or len(poster) > MAX_POSTER_BYTES:
        return None
    return poster.decode("utf-8", errors="replace")


def _logo(face: TicketFace) -> str | None:
    logo = face.theme.logo
    return logo_svg(logo) if logo is not None and is_printable_logo(logo) else None


def _drawing_number(drawing: str | None, drawings: list[str]) -> int | None:
    """The drawing's number in the document; tickets of one event share one."""
    if drawing is None:
        return None
    if drawing not in drawings:
        drawings.append(drawing)
    return drawings.index(drawing)
