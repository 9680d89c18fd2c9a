"""The words of errors: spans of time as people tell them."""

from __future__ import annotations

import pytest

from tmam.accounts.errors import TooManyRequestsError
from tmam.gates.errors import ClockAheadError, StaleCodeError
from tmam.platform.error_words import Facts, span_words, words_for


@pytest.mark.parametrize(
    ("seconds", "english", "spanish"),
    [
        (-(10**18), "0 seconds", "0 segundos"),
        (0, "0 seconds", "0 segundos"),
        (1, "1 second", "1 segundo"),
        (119, "119 seconds", "119 segundos"),
        (120, "2 minutes", "2 minutos"),
        (121, "3 minutes", "3 minutos"),
        (3360, "56 minutes", "56 minutos"),
        (7201, "3 hours", "3 horas"),
        (1_795_680_675, "57 years", "57 años"),
    ],
)
def test_a_span_is_told_in_a_unit_that_fits_and_never_too_short(
    seconds: int, english: str, spanish: str
) -> None:
    assert (span_words(seconds, "en"), span_words(seconds, "es")) == (english, spanish)


def test_pages_tell_spans_in_their_own_language() -> None:
    assert "Wait 56 minutes" in words_for(TooManyRequestsError(retry_after_s=3360), "en").advice
    assert "Espera 56 minutos" in words_for(TooManyRequestsError(retry_after_s=3360), "es-MX").advice
    assert "is 57 years old" in words_for(StaleCodeError(age_s=1_795_680_675), "en").summary
    assert "2 minutes fast" in words_for(ClockAheadError(ahead_s=120), "zz").summary


def test_what_is_not_known_is_an_ellipsis_however_it_would_be_told() -> None:
    facts = Facts({"retry_after_s": "3360", "age_s": "soon", "left_s": "9" * 40, "names": ("a", "b")}, "en")
    told = "{retry_after_s:span}, {retry_after_s} s, {age_s:span}, {else_s:span}, {else}, {names}"
    assert told.format_map(facts) == "56 minutes, 3360 s, …, …, …, a, b"
    assert "{left_s:span}".format_map(facts).endswith("years")
