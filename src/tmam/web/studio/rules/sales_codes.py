"""Sales codes as people type them, and random ones. Pure but for the chance."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import Final

from tmam.inventory.draws import CODE_CHARS_MAX

MOST_AT_ONCE: Final = 500
RANDOM_CHARS: Final = 8
# Without what is read as something else: 0 O, 1 I L, 5 S, 8 B, 2 Z, U V.
ALPHABET: Final = "ACDEFGHJKMNPQRTWXY34679"
_CODE = re.compile(r"\w(?:[\w-]*\w)?")
_CODE_CHARS_LEAST = 3


def read_codes(text: str) -> tuple[list[str], list[str]]:
    """The codes of a pasted text, in capitals and each once; and the words in it that can be none."""
    words = [word for word in re.split(r"[\s,;]+", unicodedata.normalize("NFKC", text).upper()) if word]
    codes: list[str] = []
    bad: list[str] = []
    for word in dict.fromkeys(words):
        is_code = _CODE.fullmatch(word) and _CODE_CHARS_LEAST <= len(word) <= CODE_CHARS_MAX
        (codes if is_code else bad).append(word)
    return codes, bad


def random_codes(count: int) -> list[str]:
    """So many different codes that nobody can guess: 36 bits each."""
    codes: set[str] = set()
    while len(codes) < count:
        codes.add("".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARS)))
    return sorted(codes)
