"""Words as search sees them: lower case, without accents, the same on the way in and on the way out.

Documents and queries are written as PostgreSQL `tsvector` and `tsquery` literals right here, so that no
parser or dictionary of the database can cut the two differently. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

# A title's words count most; see `EventSummary.document`.
TITLE, SUBJECT, PLACE, REST = "A", "B", "C", "D"
WORD_CHARS_MAX = 60
FIELD_WORDS_MAX = 600
# Shorter words stand for themselves; longer ones also for what they begin ("beeth" finds Beethoven).
PREFIX_CHARS_MIN = 4
LAST_WORD_PREFIX_CHARS_MIN = 2

_WORD = re.compile(r"[^\W_]+")

# Little words that people type between the words that matter.
_STOP_WORDS_TEXT = """
    a al an and at by con de del e el en for from i in la las los near of on or para por the to u un una with y
    boleto boletos entrada entradas ticket tickets
"""
STOP_WORDS = frozenset(_STOP_WORDS_TEXT.split())

KIND_WORDS: dict[str, str] = {
    "concert": "concert concerts music live gig gigs concierto conciertos musica en vivo recital recitales",
    "theatre": "theatre theatres theater theaters play plays stage drama teatro teatros obra obras escena",
    "cinema": "cinema cinemas film films movie movies showing screening cine cines pelicula peliculas sesion",
    "museum": "museum museums exhibition exhibitions gallery art museo museos exposicion exposiciones galeria arte",
    "tour": "tour tours trip trips excursion excursions guide guided boat excursiones visita visitas guiada paseo paseos",
    "train": "train trains rail railway tren trenes ferrocarril",
    "flight": "flight flights plane airline vuelo vuelos avion",
}


def words_of(text: str) -> list[str]:
    """The words of a text in order: case folded, accents taken off, letters and digits only."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return [word[:WORD_CHARS_MAX] for word in _WORD.findall(plain.casefold())]


def document_literal(texts_by_weight: Mapping[str, Iterable[str]]) -> str:
    """A `tsvector` literal of texts by weight (`A`…`D`); positions run on through all of them."""
    places: dict[str, list[str]] = {}
    position = 0
    for weight, texts in texts_by_weight.items():
        for text in texts:
            for word in words_of(text)[:FIELD_WORDS_MAX]:
                position = min(position + 1, 16_383)
                found = places.setdefault(word, [])
                if len(found) < 200:  # PostgreSQL keeps 255 places a word
                    found.append(f"{position}{weight}")
    return " ".join(f"'{word}':{','.join(found)}" for word, found in sorted(places.items()))


def query_words(text: str, words_max: int) -> list[str]:
    """The words of a query that matter, each once, at most `words_max`; little words only if there is nothing else."""
    words = list(dict.fromkeys(words_of(text)))
    weighty = [word for word in words if word not in STOP_WORDS]
    return (weighty or words)[:words_max]


def word_condition(word: str, weight: str = "", *, is_last: bool = False) -> str:
    """A `tsquery` literal for one word: itself, and what it begins if it is long enough (or being typed)."""
    chars_min = LAST_WORD_PREFIX_CHARS_MIN if is_last else PREFIX_CHARS_MIN
    flags = ("*" if len(word) >= chars_min else "") + weight
    return f"'{word}':{flags}" if flags else f"'{word}'"


def all_of(conditions: Iterable[str]) -> str | None:
    """A `tsquery` literal that asks for every condition, or None when there are none."""
    return " & ".join(f"({condition})" for condition in conditions) or None
