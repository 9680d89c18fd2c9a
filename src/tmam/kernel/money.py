"""Money: minor units and a currency, never a float.

Amounts are whole numbers of the currency's smallest unit (ISO 4217: cents for EUR, whole yen for JPY).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision

from tmam.kernel.locales import format_locale

BASIS_POINTS = 10_000


@dataclass(frozen=True, order=True)
class Money:
    """An amount in minor units of one currency. Arithmetic across currencies is a programming error."""

    amount_minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __mul__(self, count: int) -> Money:
        return Money(self.amount_minor * count, self.currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount_minor).scaleb(-get_currency_precision(self.currency))

    def format(self, locale: str) -> str:
        """The amount as a reader of `locale` (`en`, `es_DO`, `es-DO`) writes it: `€45.00`, `45,00 €`."""
        return str(format_currency(self.decimal, self.currency, locale=format_locale(locale)))


def minor_units(price: str, currency: str) -> int:
    """A decimal text as minor units of its currency: `"26.50"` EUR → 2650, `"5800"` JPY → 5800.

    Raises:
        ValueError: not a number, more decimals than the currency has, or a negative amount.
    """
    try:
        amount = Decimal(price).scaleb(get_currency_precision(currency))
    except ArithmeticError:
        raise ValueError(f"{price} is not a number") from None
    if not amount.is_finite() or amount < 0 or amount != amount.to_integral_value():
        raise ValueError(f"{price} is not an amount of {currency}")
    return int(amount)


def tax_included(gross_minor: int, tax_basis_points: int) -> int:
    """The tax inside a gross price, rounded half up to the minor unit (1 000 basis points = 10 %).

    Prices are shown and sold with everything in them, so the tax is taken out, never added on.
    """
    divisor = BASIS_POINTS + tax_basis_points
    return (gross_minor * tax_basis_points * 2 + divisor) // (2 * divisor)


@dataclass(frozen=True)
class PriceParts:
    """What is inside a price: `net_minor` for the organizer, the buyer's `fee_minor`, and `tax_minor`."""

    net_minor: int
    fee_minor: int
    tax_minor: int


def price_parts(price_minor: int, fee_minor: int, tax_basis_points: int) -> PriceParts:
    """Take a price apart: the fee first, then the tax inside the rest. The parts sum up to the price."""
    tax_minor = tax_included(price_minor - fee_minor, tax_basis_points)
    return PriceParts(price_minor - fee_minor - tax_minor, fee_minor, tax_minor)
