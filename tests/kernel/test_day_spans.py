"""Several days in a row, in words."""

from __future__ import annotations

from datetime import date

import pytest

from tmam.kernel.day_spans import day_span_words

NOVEMBER_1, NOVEMBER_30 = date(2026, 11, 1), date(2026, 11, 30)
JANUARY_3 = date(2027, 1, 3)


@pytest.mark.parametrize(
    ("first", "last", "locale", "full", "short"),
    [
        (NOVEMBER_1, NOVEMBER_30, "en_GB", "1–30 November 2026", "1–30 Nov 2026"),
        (NOVEMBER_1, NOVEMBER_30, "es", "1–30 de noviembre de 2026", "1–30 nov 2026"),
        (NOVEMBER_30, JANUARY_3, "en_GB", "30 November 2026 – 3 January 2027", "30 Nov 2026 – 3 Jan 2027"),
        (
            NOVEMBER_30,
            JANUARY_3,
            "es",
            "30 de noviembre de 2026 – 3 de enero de 2027",
            "30 nov 2026 – 3 ene 2027",
        ),
        (NOVEMBER_30, NOVEMBER_30, "en_GB", "30 November 2026", "30 Nov 2026"),
    ],
)
def test_one_text_for_all_days(first: date, last: date, locale: str, full: str, short: str) -> None:
    assert day_span_words(first, last, locale) == full
    assert day_span_words(first, last, locale, is_short=True) == short


def test_a_last_day_before_the_first_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="before"):
        day_span_words(NOVEMBER_30, NOVEMBER_1, "en_GB")
