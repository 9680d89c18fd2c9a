"""Address parts with a meaning of their own."""

from __future__ import annotations

from django.conf import settings
from django.urls import register_converter


class LanguageConverter:
    """`<language:language>`: the languages we speak, as the first part of public addresses."""

    regex = "|".join(code for code, _ in settings.LANGUAGES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LanguageConverter, "language")
