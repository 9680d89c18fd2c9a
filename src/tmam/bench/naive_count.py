"""The independent witness of a search's total: a plain count over the catalogue and the counters themselves."""

from __future__ import annotations

from datetime import datetime
from importlib import resources

import psycopg
from babel import Locale
from django.conf import settings
from django.db import connection

from tmam.catalog import words
from tmam.catalog.search import WORDS_MAX, SearchPage


def naive_count(page: SearchPage, now: datetime) -> int:
    """How many events match, counted without summaries, documents or indexes of search."""
    asked = page.asked
    text_words = words.query_words(asked.text, WORDS_MAX)
    patterns = [_pattern(word, is_last=[word] == text_words[-1:]) for word in text_words]
    place_patterns = [_pattern(word, is_last=True) for word in words.query_words(asked.place, WORDS_MAX)]
    countries = _country_words()
    arguments = (
        now,
        patterns,
        place_patterns,
        page.days.first,
        page.days.last,
        asked.price_from_minor,
        asked.price_to_minor,
        asked.currency if asked.has_price else None,
        asked.only_available,
        list(asked.kinds) or None,
        list(words.KIND_WORDS),
        list(words.KIND_WORDS.values()),
        list(countries),
        list(countries.values()),
    )
    text = resources.files("tmam.bench").joinpath("sql", "naive_count.sql").read_text(encoding="utf-8")
    connection.ensure_connection()
    with psycopg.RawCursor(connection.connection) as cursor:
        cursor.execute(text.encode(), arguments)
        (count,) = cursor.fetchone() or (0,)
    return int(count)


def _pattern(word: str, *, is_last: bool) -> str:
    is_prefix = "*" in words.word_condition(word, is_last=is_last)
    return rf"\m{word}" if is_prefix else rf"\m{word}\M"


def _country_words() -> dict[str, str]:
    names: dict[str, list[str]] = {}
    for code, _name in settings.LANGUAGES:
        for country, name in Locale.parse(code).territories.items():
            names.setdefault(country, []).append(" ".join(words.words_of(name)))
    return {country: " ".join(found) for country, found in names.items()}
