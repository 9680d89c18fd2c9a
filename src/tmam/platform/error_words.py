"""The words for each error code: one Markdown page per code and language, read by every shell.

`tmam/help/<language>/<code>.md` holds a title (`# …`), one sentence with the error's fields in braces
(`{left}`), and after it what to do now. HTML, problem documents, mails and the gate show the same words. A field of
seconds may be told as people tell time: `{retry_after_s:span}` is "45 seconds", "56 minutes" or "3 hours".
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources

from babel.dates import format_timedelta

from tmam.kernel.errors import TmamError

FALLBACK_LANGUAGE = "en"
FALLBACK_CODE = "platform.unexpected"
SECONDS = "_s"  # how the name of a field that counts them ends
LONGEST_SPAN_S = 10**11
_MINUTE_S, _HOUR_S = 60, 3600


@dataclass(frozen=True)
class ErrorWords:
    """What people read for one code: `title`, a one-sentence `summary`, and `advice` (Markdown)."""

    code: str
    title: str
    summary: str
    advice: str


class _Seconds(int):
    """A number of seconds that can be told as a span: `{:span}`."""

    language: str

    def __format__(self, spec: str) -> str:
        return span_words(self, self.language) if spec == "span" else super().__format__(spec)


class _Unknown(str):
    """What stands for a fact that is not known, however it would be told."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        del spec
        return str(self)


class Facts(dict[str, object]):
    """Facts by name as the sentences of a page take them (`format_map`): lists with commas, seconds with `:span`.

    What is not among them is an ellipsis. Values may come as texts, from an address.
    """

    def __init__(self, facts: Mapping[str, object], language: str) -> None:
        super().__init__((name, self._told(name, value, language)) for name, value in facts.items())

    def __missing__(self, name: str) -> str:
        return _Unknown("…")

    @staticmethod
    def _told(name: str, value: object, language: str) -> object:
        if isinstance(value, tuple):
            return ", ".join(map(str, value))
        if not name.endswith(SECONDS):
            return value
        try:
            told = _Seconds(str(value))
        except ValueError:
            return _Unknown("…")
        base = language.partition("-")[0]
        told.language = base if resources.files("tmam").joinpath("help", base).is_dir() else FALLBACK_LANGUAGE
        return told


def span_words(seconds: int, language: str) -> str:
    """A span in its largest unit of which there are two, rounded up: nobody is told to come back too early."""
    seconds = max(0, min(seconds, LONGEST_SPAN_S))
    for unit_s in (_HOUR_S, _MINUTE_S):
        if seconds >= 2 * unit_s:
            seconds = math.ceil(seconds / unit_s) * unit_s
            break
    return format_timedelta(timedelta(seconds=seconds), threshold=2, locale=language)


def words_for(error: TmamError, language: str) -> ErrorWords:
    """The words for one error, with its facts filled in."""
    words = page_words(error.code, language)
    facts = Facts(error.facts(), language)
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
