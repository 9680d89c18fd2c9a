"""Fields for what people type: what changes of clocks do to a moment, and what is left out of a line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from tmam.web.typed_fields import LineField, LocalTimeField

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("language", "typed", "words"),
    [
        ("en", "2027-03-28T02:30", "leave this time out"),
        ("es", "2027-03-28T02:30", "se saltan esta hora"),
        ("en", "2027-10-31T02:30", "comes twice"),
        ("es", "2027-10-31T02:30", "pasa dos veces"),
    ],
)
def test_changes_of_clocks_are_explained(language: str, typed: str, words: str) -> None:
    with timezone.override(MADRID), translation.override(language):
        with pytest.raises(ValidationError) as refused:
            LocalTimeField().clean(typed)
        assert words in refused.value.messages[0]


@pytest.mark.parametrize("fold", [0, 1])
def test_what_was_shown_stays_even_where_the_clock_shows_it_twice(fold: int) -> None:
    field = LocalTimeField()
    field.kept = datetime(2027, 10, 31, 2, 30, 25, tzinfo=MADRID, fold=fold).astimezone(UTC)
    with timezone.override(MADRID):
        assert field.clean("2027-10-31T02:30") == field.kept
        assert field.clean("2027-10-31T04:30") == field.kept + timedelta(hours=3 - fold, seconds=-25)


@pytest.mark.parametrize(
    ("zone", "typed"), [("America/New_York", "9999-12-31T23:59"), ("Asia/Tokyo", "0001-01-01T00:00")]
)
def test_what_utc_cannot_tell_is_no_moment(zone: str, typed: str) -> None:
    with timezone.override(ZoneInfo(zone)), pytest.raises(ValidationError) as refused:
        LocalTimeField().clean(typed)
    assert refused.value.code == "invalid"


def test_a_line_has_no_hidden_characters_and_a_null_is_named() -> None:
    field = LineField(max_length=6, required=False)
    assert field.clean(" Ga\u202ete\x07 B\u2028") == "Gate B"
    assert field.clean("\u202e\x07") == ""
    with pytest.raises(ValidationError, match="invisible character"):
        field.clean("a\0b")
