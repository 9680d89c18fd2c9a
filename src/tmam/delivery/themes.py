"""How an organizer's tickets look: a colour, a kind of code, a logo, a sentence. Data only."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

CodeKind: TypeAlias = Literal["qr", "aztec", "pdf417"]
Paper: TypeAlias = Literal["a4", "letter"]

DEFAULT_HUE: Final = 265
MAX_LOGO_BYTES: Final = 30_000
MAX_LOGO_WIDTH_PX, MAX_LOGO_HEIGHT_PX = 600, 300
MAX_LINE_CHARACTERS: Final = 140

# A PNG begins with its signature and the length and name of its header (W3C PNG §5.2, §11.2.1).
_PNG_BEGINS: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_SIDES_BYTES: Final = 8


@dataclass(frozen=True)
class TicketTheme:
    """What an organizer chose for the tickets of an event; every field has a good default.

    `accent_hue` is an OKLCH hue (0–360). `code` is the kind of code that the venue's scanners read. `logo` is a
    PNG for which `is_printable_logo` holds, others are left out when printing. `line` is one sentence of plain
    text of at most `MAX_LINE_CHARACTERS`. `paper` is what the PDF is made for unless the buyer asks otherwise. `shows_reference_bars` adds a
    Code 128 of the booking reference for readers that type it into the gate's look-up.
    """

    accent_hue: int = DEFAULT_HUE
    code: CodeKind = "qr"
    logo: bytes | None = None
    line: str = ""
    shows_poster: bool = True
    paper: Paper = "a4"
    shows_reference_bars: bool = False


def is_printable_logo(logo: bytes) -> bool:
    """Whether this is a PNG of at most 30 kB and 600 × 300 px: with it a ticket stays below 100 kB.

    Reads the header only; nothing is unpacked, so nothing can burst.
    """
    if len(logo) > MAX_LOGO_BYTES or not logo.startswith(_PNG_BEGINS):
        return False
    if len(logo) < len(_PNG_BEGINS) + _SIDES_BYTES:
        return False
    width, height = _sides(logo)
    return 0 < width <= MAX_LOGO_WIDTH_PX and 0 < height <= MAX_LOGO_HEIGHT_PX


def logo_svg(logo: bytes) -> str:
    """The logo inside an SVG of its own size in pixels: text, as the templates want it.

    Raises:
        ValueError: `is_printable_logo` does not hold.
    """
    if not is_printable_logo(logo):
        raise ValueError("not a logo that can be printed")
    width, height = _sides(logo)
    data = base64.b64encode(logo).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{data}"/></svg>'
    )


def _sides(logo: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", logo, len(_PNG_BEGINS))
    return int(width), int(height)


DEFAULT_THEME: Final = TicketTheme()
