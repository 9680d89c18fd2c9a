from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from tests.cast import NOW
from tmam.catalog.rules import SaleState
from tmam.catalog.search import Found
from tmam.web.shop.cards import event_card

FOUND = Found(
    event_id=7,
    slug="night",
    kind="concert",
    title={"en": "Night & Day", "es": "Noche y día"},
    summary={},
    currency="EUR",
    poster_seed="night",
    venue="Sala <Sol>",
    city="Madrid",
    country="ES",
    date_ordinal=2,
    starts_at=datetime(2026, 12, 12, 19, 0, tzinfo=UTC),
    ends_at=datetime(2026, 12, 12, 22, 0, tzinfo=UTC),
    time_zone="Europe/Madrid",
    sales_start_at=NOW - timedelta(days=1),
    state=SaleState.PLENTY,
    left=90,
    dates=3,
    last_starts_at=NOW,
    price_from_minor=1500,
    has_many_prices=True,
)


def card(found: Found = FOUND, place: int = 9, language: str = "en") -> str:
    with translation.override(language):
        return " ".join(event_card(found, NOW, place).split())


def test_a_card_is_in_the_readers_language_each_time() -> None:
    for _ in range(2):
        assert "Night &amp; Day" in card()
        assert 'href="/en/e/7-night/?date=2"' in card()
        assert "Noche y día" in card(language="es")
        assert 'href="/es/e/7-night/?date=2"' in card(language="es")
    assert "Sala &lt;Sol&gt;, Madrid" in card()


def test_the_first_pictures_are_loaded_at_once() -> None:
    assert 'loading="lazy"' in card(place=4)
    for place in (1, 2, 3):
        assert card(place=place) == card(place=4).replace(' loading="lazy"', "")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": SaleState.FEW, "left": 3}, "Only 3 left"),
        ({"state": SaleState.SOLD_OUT, "left": 0}, "Sold out"),
        ({"state": SaleState.SOON, "sales_start_at": NOW + timedelta(days=2)}, "On sale Thu, 3 Dec 2026"),
        ({"state": SaleState.SOON, "sales_start_at": NOW - timedelta(days=2)}, "On sale soon"),
        ({"price_from_minor": 900}, "€9.00"),
        ({"dates": 2}, "and 1 more date<"),
        ({"venue": "Arena"}, "Arena, Madrid"),
        ({"starts_at": datetime(2026, 12, 13, 20, 30, tzinfo=UTC)}, "Sun, 13 Dec 2026 · 21:30"),
    ],
)
def test_whatever_changes_shows(change: dict[str, object], words: str) -> None:
    assert words not in card()
    assert words in card(replace(FOUND, **change))  # type: ignore[arg-type]


def test_a_date_of_several_days_says_all_of_them() -> None:
    fair = replace(FOUND, ends_at=datetime(2026, 12, 20, 19, 0, tzinfo=UTC))
    assert "12–20 Dec 2026</time>" in card(fair)
    assert "12–20 dic 2026</time>" in card(fair, language="es")
