from collections.abc import Sequence

import pytest
from django.utils import translation

from tests.web.halls import plan_of
from tmam.web.shop.seat_words import seat_words

PLAN = plan_of(("Stalls", 2, 10), ("Circle", 1, 5))


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([12], "Stalls · row 2 · seat 2"),
        ([13, 12], "Stalls · row 2 · seats 2–3"),
        ([12, 14, 15, 16, 20], "Stalls · row 2 · seats 2, 4–6, 10"),
        ([10, 11], "Stalls · row 1 · seat 10; Stalls · row 2 · seat 1"),
        ([1, 21, 999], "Stalls · row 1 · seat 1; Circle · row 1 · seat 1"),
        ([], ""),
    ],
)
def test_seats_in_words(numbers: Sequence[int], words: str) -> None:
    with translation.override("en"):
        assert seat_words(PLAN, numbers) == words
