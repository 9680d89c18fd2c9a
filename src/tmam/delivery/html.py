"""Tickets as one plain HTML file: for very old phones and computers, and to print from the browser.

The file is saved and opened from a disk, so it carries everything with it, its own security policy as well: no
script, nothing from anywhere else. It uses what browsers of 2015 know.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from tmam.delivery.faces import TicketFace
from tmam.delivery.printed import printed_document
from tmam.kernel.colour import accent_on_white, hex_colour

STYLE = Path(__file__).parent / "templates" / "plain.css"


def render_html(faces: Sequence[TicketFace]) -> bytes:
    """All these tickets in one UTF-8 file, one page each when printed; the same faces give the same bytes.

    At most 20 kB a ticket; posters and logos are left out.

    Raises:
        TooManyTicketsError: more than 100 tickets.
        ValueError: no ticket at all.
    """
    document: dict[str, Any] = json.loads(printed_document(faces, "sheet").data)
    style = _style().replace("ACCENT", _accent(faces[0].theme.accent_hue))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    title, language = escape(document["title"]), escape(document["language"])
    tickets = "".join(_ticket(ticket, document["words"]) for ticket in document["tickets"])
    # Browsers that know hashes overlook 'unsafe-inline'; older ones know only that.
    return (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"style-src 'unsafe-inline' 'sha256-{digest}'; base-uri 'none'; form-action 'none'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f'<main>\n<h1><bdi dir="auto">{title}</bdi></h1>\n{tickets}</main>\n</body>\n</html>\n'
    ).encode()


def _ticket(ticket: dict[str, Any], words: dict[str, str]) -> str:
    heading = f"ticket-{escape(ticket['serial'])}"
    notes = _notes(words["before_you_come"], ticket["instructions"]) + _notes(
        words["good_to_know"], ticket["good_to_know"]
    )
    line = f'<p class="line">{_text(ticket["line"])}</p>' if ticket["line"] else ""
    return (
        f'<article aria-labelledby="{heading}">\n<p class="by">{_text(ticket["organizer"])}</p>\n'
        f'<h2 id="{heading}">{_text(ticket["title"])}</h2>\n{line}'
        f"{_drawn(ticket['code'], ticket['code_alt'], 'wide' if ticket['is_wide'] else 'code')}"
        f'<p class="reference"><span>{escape(words["reference"])}</span> {_text(ticket["reference"])}</p>\n'
        f"{_drawn(ticket['bars'], ticket['bars_alt'], 'bars') if ticket['bars'] else ''}"
        f"<dl>\n{_facts(ticket, words)}</dl>\n{notes}</article>\n"
    )


def _facts(ticket: dict[str, Any], words: dict[str, str]) -> str:
    facts = (
        (words["date"], ticket["day"], ""),
        (f"{words['starts']} · {ticket['zone']}", ticket["time"], ""),
        (words["ends"], ticket["ends"], ""),
        (words["doors"], ticket["doors"], ""),
        (words["entrance"], ticket["entrance"], ""),
        (words["place"], ticket["place"], ""),
        (words["venue"], ticket["venue"], ticket["address"]),
        (words["name"], ticket["name"], ""),
        (words["type"], ticket["type"], ""),
        (words["date_label"], ticket["date_label"], ""),
        (words["ticket"], ticket["serial"], ""),
        (words["price"], ticket["price"], words["price_note"]),
    )
    return "".join(
        f"<div><dt>{escape(label)}</dt><dd>{_text(fact)}{f'<br><small>{_text(more)}</small>' if more else ''}</dd></div>\n"
        for label, fact, more in facts
        if fact
    )


def _notes(title: str, sentences: Sequence[str]) -> str:
    points = "".join(f"<li>{_text(sentence)}</li>" for sentence in sentences)
    return f"<h3>{escape(title)}</h3>\n<ul>{points}</ul>\n" if points else ""


def _text(text: str) -> str:
    """Somebody's text: harmless, and of whatever direction without turning its surroundings."""
    return f'<bdi dir="auto">{escape(text)}</bdi>'


def _drawn(svg: str, alternative: str, kind: str) -> str:
    """A drawing in the page, with words for those who cannot see it. Its size is up to the style."""
    opening, rest = svg.split(">", 1)
    box = opening.partition(' viewBox="')[2].partition('"')[0]
    return (
        f'<div class="{kind}"><svg role="img" aria-label="{escape(alternative)}" viewBox="{box}" '
        f'preserveAspectRatio="xMidYMid meet" shape-rendering="crispEdges">{rest}</div>\n'
    )


def _accent(hue: int) -> str:
    return hex_colour(accent_on_white(hue))


@cache
def _style() -> str:
    return STYLE.read_text(encoding="utf-8").strip()
