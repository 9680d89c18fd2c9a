"""An organizer's logo as Google Wallet wants it: a square that is shown as a circle (brand guidelines: 660 × 660 px)."""

from __future__ import annotations

import io
import math
from typing import Final

from PIL import Image

from tmam.delivery.themes import is_printable_logo

SIDE_PX: Final = 660
# The longest diagonal that lies within the circle, with a little air.
_DIAGONAL_PX: Final = 620


def circle_logo(logo: bytes) -> bytes | None:
    """A PNG of `SIDE_PX` with the logo in the middle on white; None for what `is_printable_logo` refuses or cannot be opened."""
    if not is_printable_logo(logo):
        return None
    try:
        with Image.open(io.BytesIO(logo), formats=("PNG",)) as picture:
            opened = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError):
        return None
    scale = _DIAGONAL_PX / math.hypot(opened.width, opened.height)
    size = max(1, round(opened.width * scale)), max(1, round(opened.height * scale))
    fitted = opened.resize(size, Image.Resampling.LANCZOS)
    square = Image.new("RGB", (SIDE_PX, SIDE_PX), "white")
    square.paste(fitted, ((SIDE_PX - fitted.width) // 2, (SIDE_PX - fitted.height) // 2), fitted)
    written = io.BytesIO()
    square.save(written, "PNG", optimize=True)
    return written.getvalue()
