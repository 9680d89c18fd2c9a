"""QR codes, the kind that everything reads: see `barcodes`.

A token, with or without its live digits, gives version 6: 41 × 41 modules.
"""

from __future__ import annotations

from tmam.delivery.barcodes import Matrix, code_matrix, code_png, code_svg

MAX_CHARACTERS = 1000


def qr_matrix(text: str) -> Matrix:
    """The modules of a text's QR code, without a quiet zone.

    Raises:
        ValueError: the text is empty or longer than 1,000 characters.
    """
    return code_matrix(text, "qr")


def qr_svg(text: str) -> bytes:
    """A square SVG with its quiet zone, dark on white: one path, one unit a module, sharp at any size.

    Raises:
        ValueError: see `qr_matrix`.
    """
    return code_svg(text, "qr")


def qr_png(text: str, module_px: int = 8) -> bytes:
    """A square 1-bit PNG with its quiet zone, `module_px` pixels a module (1–64).

    Raises:
        ValueError: see `qr_matrix`, or `module_px` is out of range.
    """
    return code_png(text, "qr", module_px)
