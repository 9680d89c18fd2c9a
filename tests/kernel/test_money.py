import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmam.kernel.money import Money, minor_units, price_parts, tax_included


@pytest.mark.parametrize(
    ("money", "locale", "shown"),
    [
        (Money(4500, "EUR"), "en", "€45.00"),
        (Money(4500, "EUR"), "es", "45,00\xa0€"),
        (Money(1200, "JPY"), "en", "JP¥1,200"),
        (Money(2000, "USD"), "en", "US$20.00"),
        (Money(250000, "DOP"), "es-DO", "RD$2,500.00"),
    ],
)
def test_money_is_written_in_the_readers_way(money: Money, locale: str, shown: str) -> None:
    assert money.format(locale) == shown


def test_adding_two_currencies_is_refused() -> None:
    with pytest.raises(ValueError, match="EUR"):
        Money(1, "EUR") + Money(1, "USD")


@pytest.mark.parametrize(
    ("gross", "basis_points", "tax"),
    [(4500, 1000, 409), (1100, 1000, 100), (0, 2100, 0), (121, 2100, 21), (5, 0, 0)],
)
def test_tax_is_taken_out_of_the_price(gross: int, basis_points: int, tax: int) -> None:
    assert tax_included(gross, basis_points) == tax


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 5000))
def test_the_parts_of_a_price_sum_up_to_it(price: int, fee: int, basis_points: int) -> None:
    fee = min(fee, price)
    parts = price_parts(price, fee, basis_points)
    assert parts.net_minor + parts.fee_minor + parts.tax_minor == price
    assert min(parts.net_minor, parts.fee_minor, parts.tax_minor) >= 0


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


@pytest.mark.parametrize(
    ("price", "currency"), [("1.005", "EUR"), ("5800.50", "JPY"), ("-1", "EUR"), ("Infinity", "EUR")]
)
def test_impossible_prices_are_mistakes(price: str, currency: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        minor_units(price, currency)


@pytest.mark.parametrize("price", ["", "four", "NaN and more", "1,50"])
def test_what_is_no_number_is_no_price(price: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        minor_units(price, "EUR")
