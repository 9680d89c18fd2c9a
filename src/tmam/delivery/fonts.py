"""The vendored fonts of printed tickets, and which characters they can draw."""

from __future__ import annotations

import functools
import struct
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
_FORMAT_SEGMENTS, _FORMAT_GROUPS = 4, 12


@functools.cache
def covered_characters() -> frozenset[int]:
    """The code points that at least one vendored font has a glyph for."""
    covered: set[int] = set()
    for path in font_files():
        covered |= _cmap(path.read_bytes())
    return frozenset(covered)


def font_files() -> list[Path]:
    """The font files, sorted by name."""
    return sorted(path for path in FOLDER.iterdir() if path.suffix in {".otf", ".ttf"})


def _cmap(font: bytes) -> set[int]:
    """The code points of an OpenType font (ISO/IEC 14496-22 §5.2.1), from its Unicode sub-tables."""
    (table_count,) = struct.unpack_from(">H", font, 4)
    tables = {
        tag: offset
        for tag, _, offset, _ in (struct.unpack_from(">4sIII", font, 12 + 16 * n) for n in range(table_count))
    }
    start = tables[b"cmap"]
    (subtable_count,) = struct.unpack_from(">H", font, start + 2)
    found: set[int] = set()
    for n in range(subtable_count):
        _, _, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * n)
        (form,) = struct.unpack_from(">H", font, start + offset)
        if form == _FORMAT_SEGMENTS:
            found |= _segments(font, start + offset)
        elif form == _FORMAT_GROUPS:
            found |= _groups(font, start + offset)
    return found


def _segments(font: bytes, at: int) -> set[int]:
    """Format 4. Our subsets have no segment that maps a character to the missing glyph."""
    (doubled,) = struct.unpack_from(">H", font, at + 6)
    ends = struct.unpack_from(f">{doubled // 2}H", font, at + 14)
    begins = struct.unpack_from(f">{doubled // 2}H", font, at + 16 + doubled)
    return {point for begin, end in zip(begins, ends, strict=True) for point in range(begin, end + 1)} - {
        0xFFFF
    }


def _groups(font: bytes, at: int) -> set[int]:
    """Format 12."""
    (count,) = struct.unpack_from(">I", font, at + 12)
    groups = (struct.unpack_from(">III", font, at + 16 + 12 * n) for n in range(count))
    return {point for begin, end, _ in groups for point in range(begin, end + 1)}
