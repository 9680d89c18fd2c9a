"""The words for each error code: one Markdown page per code and language, read by every shell.

`tmam/help/<language>/<code>.md` holds a title (`# …`), one sentence with the error's fields in braces
(`{left}`), and after it what to do now. HTML, problem documents, mails and the gate show the same words.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources

from tmam.kernel.errors import TmamError

FALLBACK_LANGUAGE = "en"
FALLBACK_CODE = "platform.unexpected"


@dataclass(frozen=True)
class ErrorWords:
    """What people read for one code: `title`, a one-sentence `summary`, and `advice` (Markdown)."""

    code: str
    title: str
    summary: str
    advice: str


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def words_for(error: TmamError, language: str) -> ErrorWords:
    """The words for one error, with its facts filled in."""
    words = page_words(error.code, language)
    facts = _Facts(
        (name, ", ".join(map(str, value)) if isinstance(value, tuple) else value)
        for name, value in error.facts().items()
    )
    return ErrorWords(
        words.code, words.title, words.summary.format_map(facts), words.advice.format_map(facts)
    )


@functools.cache
def page_words(code: str, language: str) -> ErrorWords:
    """The unfilled words of a code's help page, in the nearest language we have (English otherwise)."""
    for candidate in (language, language.partition("-")[0], FALLBACK_LANGUAGE):
        path = resources.files("tmam").joinpath("help", candidate, f"{code}.md")
        if path.is_file():
            return _parse(code, path.read_text(encoding="utf-8"))
    if code == FALLBACK_CODE:
        raise FileNotFoundError(f"no help page for {FALLBACK_CODE}")
    return page_words(FALLBACK_CODE, language)


def known_codes(language: str = FALLBACK_LANGUAGE) -> list[str]:
    """Every code that has a help page in a language, sorted."""
    folder = resources.files("tmam").joinpath("help", language)
    return sorted(path.name.removesuffix(".md") for path in folder.iterdir() if path.name.endswith(".md"))


def _parse(code: str, text: str) -> ErrorWords:
    head, _, rest = text.strip().partition("\n")
    summary, _, advice = rest.strip().partition("\n\n")
    return ErrorWords(code, head.lstrip("# ").strip(), " ".join(summary.split()), advice.strip())
