"""Sentences that are kept for a later page: in every language, since that page may be read in another."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils import translation


def in_every_language(say: Callable[[], str]) -> dict[str, str]:
    """What `say` says, by language; pages show it with the filter `in_language`."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = str(say())
    return said
