"""Texts made fit for print: harmless, drawable by our fonts, of a bounded length."""

from __future__ import annotations

import re
import textwrap
import unicodedata

from tmam.delivery.fonts import covered_characters

# Stands for a letter that no vendored font can draw.
UNDRAWABLE = "·"
_JOINERS = "\u200c\u200d"  # zero-width joiners: Persian and Indic spelling needs them
_ZERO_WIDTH_SPACE = "\u200b"
_LONGEST_WORD, _PIECE = 24, 8
_ENDLESS_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
_MARKS_IN_A_ROW = 4  # Hebrew and Devanagari stack a few; towers of accents are mischief


def printable(text: str, limit: int) -> tuple[str, bool]:
    """The text as it can be printed, and whether letters had to be left out.

    Control characters, direction overrides and other invisible characters are dropped, blanks are squeezed,
    compatibility forms (full-width letters, ligatures) become plain ones where only those can be drawn, other
    symbols that no font has (emoji) are dropped, letters that no font has become `·`. At most `limit` characters
    stay, the last one an ellipsis when something was cut. Words that fill a line may be broken.
    """
    covered = covered_characters()
    kept: list[str] = []
    is_complete = True
    for char in _visible(unicodedata.normalize("NFC", text[: 4 * limit])):
        if ord(char) in covered or char in _JOINERS:
            kept.append(char)
            continue
        plain = unicodedata.normalize("NFKC", char)
        if plain != char and all(ord(part) in covered for part in plain):
            kept.append(plain)
        elif unicodedata.category(char)[0] in "LN":
            kept.append(UNDRAWABLE)
            is_complete = False
    squeezed = " ".join("".join(kept).split())
    if len(squeezed) > limit or len(text) > 4 * limit:
        squeezed = squeezed[: limit - 1].rstrip() + "…"
    return _breakable(squeezed), not is_complete


def _visible(text: str) -> str:
    """Without control, format, private and unassigned characters and without towers of marks; blanks are spaces."""
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if category in {"Zs", "Zl", "Zp", "Cc"}:
            kept.append(" ")
        elif category[0] == "C" and char not in _JOINERS:
            continue
        elif category[0] == "M":
            marks += 1
            if (
                marks <= _MARKS_IN_A_ROW and not "\ufe00" <= char <= "\ufe0f"
            ):  # variation selectors draw nothing
                kept.append(char)
            continue
        else:
            kept.append(char)
        marks = 0
    return "".join(kept)


def _breakable(text: str) -> str:
    """Words longer than any language's usual ones get invisible places to break at."""
    return _ENDLESS_WORD.sub(lambda word: _ZERO_WIDTH_SPACE.join(textwrap.wrap(word[0], _PIECE)), text)
