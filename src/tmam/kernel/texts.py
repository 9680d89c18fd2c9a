"""Texts as people write them: by language (`{"en": "Winter Lights", "es": "Luces de invierno"}`), and cleaned."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text of a language (`es`, `es-MX` and `es_MX` are one), else English, else any; empty if there is none."""
    code = language.replace("_", "-").partition("-")[0]
    return texts.get(code) or texts.get("en") or next(filter(None, texts.values()), "")


def visible_text(typed: str) -> str:
    """The text in NFC without control and invisible format characters (joiners that scripts need stay).

    Line breaks and tabs are blanks.
    """
    if typed.isascii() and typed.isprintable():
        return typed  # nothing to clean, and it is what most people type
    text = unicodedata.normalize("NFC", typed)
    return "".join(
        char if char not in "\t\n\r" else " "
        for char in text
        if char in "\t\n\r\u200c\u200d" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )


def one_line(typed: str) -> str:
    """The visible text with single blanks and no line breaks (U+2028 is one)."""
    return " ".join(visible_text(typed).split())
