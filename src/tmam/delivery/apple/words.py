"""Texts made fit for a pass: harmless and of a bounded length. The phone has fonts for every script."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and families of emoji need them
_MARKS_IN_A_ROW = 4  # Hebrew and Devanagari stack a few; towers of accents are mischief


def clean(text: str, limit: int, *, keeps_lines: bool = False) -> str:
    """The text without control characters, direction overrides and other invisible ones, its blanks squeezed.

    At most `limit` characters stay, the last one an ellipsis when something was cut. `keeps_lines` keeps line breaks.
    """
    lines = text[: 4 * limit].splitlines() if keeps_lines else [text[: 4 * limit]]
    squeezed = "\n".join(filter(None, (_squeezed(line) for line in lines)))
    if len(squeezed) > limit or len(text) > 4 * limit:
        squeezed = squeezed[: limit - 1].rstrip() + "…"
    return squeezed


def _squeezed(line: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in unicodedata.normalize("NFC", line):
        category = unicodedata.category(char)
        if category in {"Zs", "Zl", "Zp", "Cc"}:
            kept.append(" ")
            continue
        marks = marks + 1 if category[0] == "M" else 0
        if (category[0] != "C" or char in _JOINERS) and marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    return " ".join("".join(kept).split())
