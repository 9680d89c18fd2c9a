"""Texts made fit for print: harmless, drawable by our fonts, of a bounded length."""

from __future__ import annotations

import functools
import re
import unicodedata

from tmam.delivery.fonts import covered_characters

# Stands for a letter that no vendored font can draw.
UNDRAWABLE = "·"
_JOINERS = "\u200c\u200d"  # zero-width joiners: Persian and Indic spelling needs them
_ZERO_WIDTH_SPACE = "\u200b"
_LONGEST_WORD, _PIECE = 24, 8
_ENDLESS_WORD = re.compile(rf"\S{{{_LONGEST_WORD + 1},}}")
# Scripts written without blanks, or whose signs are words: the typesetter knows where their lines break.
_BREAKS_BY_ITSELF = re.compile("[\u0e00-\u0e7f\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_FLAG_LETTERS, _SKIN_TONES = ("\U0001f1e6", "\U0001f1ff"), ("\U0001f3fb", "\U0001f3ff")
# Letters by their class, nothing by their looks: a name made of them would seem to be empty.
_BLANK_LETTERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_PICTURES, _MAX_PICTURES = "\U0001f000", 24  # different ones: each is half a kilobyte of the file
# What most texts are made of. Nothing is done to any of it, if the fonts have it all (`_are_plain_drawable`).
_PLAIN_RANGES = (
    (0x20, 0x7E),
    (0xA1, 0xAC),
    (0xAE, 0x148),
    (0x14A, 0x17F),
    (0x2013, 0x2014),
    (0x2018, 0x201D),
    (0x2026, 0x2026),
)
_PLAIN = re.compile(f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in _PLAIN_RANGES)}]*")
_MARKS_IN_A_ROW = 4  # Hebrew and Devanagari stack a few; towers of accents are mischief


def printable(text: str, limit: int) -> tuple[str, bool]:
    """The text as it can be printed, and whether letters had to be left out.

    Control characters, direction overrides and other invisible characters are dropped, blanks are squeezed,
    compatibility forms (full-width letters, ligatures) become plain ones where only those can be drawn, other
    symbols that no font has and emoji after the 24th are dropped, letters that no font has become `·`. At most `limit` characters
    stay, the last one an ellipsis when something was cut. Words that fill a line may be broken.
    """
    if _PLAIN.fullmatch(text) and _are_plain_drawable():
        return _fitted(text[: 4 * limit], text, limit), False
    covered = covered_characters()
    kept: list[str] = []
    is_complete = True
    pictures: set[str] = set()
    for char in _visible(unicodedata.normalize("NFC", text[: 4 * limit])):
        if ord(char) in covered or char in _JOINERS:
            if char >= _PICTURES:
                pictures.add(char)
            if char not in pictures or len(pictures) <= _MAX_PICTURES:
                kept.append(char)
            continue
        plain = unicodedata.normalize("NFKC", char)
        if plain != char and all(ord(part) in covered for part in plain):
            kept.append(plain)
        elif unicodedata.category(char)[0] in "LN":
            kept.append(UNDRAWABLE)
            is_complete = False
    return _fitted("".join(kept), text, limit), not is_complete


@functools.cache
def _are_plain_drawable() -> bool:
    covered = covered_characters()
    return all(code in covered for first, last in _PLAIN_RANGES for code in range(first, last + 1))


def _fitted(kept: str, text: str, limit: int) -> str:
    """What is kept of a text, at most `limit` characters long."""
    squeezed = " ".join(kept.split())
    if len(squeezed) > limit or len(text) > 4 * limit:
        squeezed = squeezed[: limit - 1].rstrip() + "…"
    return _breakable(squeezed)


def _visible(text: str) -> str:
    """Without control, format, private and unassigned characters and without towers of marks; blanks are spaces."""
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if category in {"Zs", "Zl", "Zp", "Cc"} or char in _BLANK_LETTERS:
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
    return _ENDLESS_WORD.sub(_with_breaks, text)


def _with_breaks(found: re.Match[str]) -> str:
    word = found[0]
    pieces: list[str] = []
    begin = 0
    for at in range(1, len(word)):
        if at - begin >= _PIECE and _may_break(word[at - 1], word[at]):
            pieces.append(word[begin:at])
            begin = at
    return _ZERO_WIDTH_SPACE.join([*pieces, word[begin:]])


def _may_break(before: str, after: str) -> bool:
    """Not inside what is one sign to the eye (a letter and its marks, a joined emoji, a flag), nor where it is not needed."""
    if before in _JOINERS or after in _JOINERS or unicodedata.category(after)[0] == "M":
        return False
    if any(first <= after <= last for first, last in (_FLAG_LETTERS, _SKIN_TONES)):
        return False
    return not (_BREAKS_BY_ITSELF.match(before) or _BREAKS_BY_ITSELF.match(after))
