"""Which conventions dates, times and amounts are written in, for a language without a country.

English here is read in every country, so it is written in the way that nobody misreads: day before month, the
24-hour clock, `US$` apart from other dollars. That is CLDR's `en_GB`; plain `en` means American habits.
"""

from __future__ import annotations

_CONVENTIONS = {"en": "en_GB"}


def format_locale(language: str) -> str:
    """The CLDR locale for formatting: `en` → `en_GB`, `es` → `es`, `es-DO` → `es_DO`."""
    return _CONVENTIONS.get(language, language.replace("-", "_"))
