"""Texts by language, as organizers write them: `{"en": "Winter Lights", "es": "Luces de invierno"}`."""

from __future__ import annotations

from collections.abc import Mapping


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text of a language (`es`, `es-MX` and `es_MX` are one), else English, else any; empty if there is none."""
    code = language.replace("_", "-").partition("-")[0]
    return texts.get(code) or texts.get("en") or next(filter(None, texts.values()), "")
