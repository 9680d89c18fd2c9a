"""Prices and pools as the catalogue has them."""

from __future__ import annotations

import pytest

from tmam.demo.season_values import minor_units


@pytest.mark.parametrize(
    ("price", "currency", "minor"),
    [
        ("26.00", "EUR", 2600),
        ("0", "EUR", 0),
        ("5800", "JPY", 5800),
        ("99000", "KRW", 99000),
        ("1450.00", "DOP", 145000),
    ],
)
def test_prices_become_minor_units(price: str, currency: str, minor: int) -> None:
    assert minor_units(price, currency) == minor


@pytest.mark.parametrize(("price", "currency"), [("1.005", "EUR"), ("5800.50", "JPY"), ("-1", "EUR")])
def test_impossible_prices_are_mistakes(price: str, currency: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        minor_units(price, currency)
