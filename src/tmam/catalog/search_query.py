"""A search as typed into an address, read without ever failing: what cannot be read becomes a problem by field. Pure."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from babel.numbers import get_currency_precision

from tmam.catalog.models import Kind

TEXT_CHARS_MAX = 120
PAGE_MAX = 50
PRICE_MINOR_MAX = 2_000_000_000
DEFAULT_CURRENCY = "EUR"
_AMOUNT = re.compile(r"-?[0-9]{1,15}([.,][0-9]{3})*([.,][0-9]{1,2})?")
_THOUSANDS = re.compile(r"[.,](?=[0-9]{3}(?![0-9]))")
WHENS = ("any", "today", "tomorrow", "weekend", "week")


class Trouble(enum.StrEnum):
    """What is wrong with one field of a search."""

    TOO_LONG = "too_long"
    NOT_A_DATE = "not_a_date"
    ENDS_BEFORE_START = "ends_before_start"
    NOT_A_PRICE = "not_a_price"
    NEGATIVE = "negative"
    TOO_HIGH = "too_high"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SearchQuery:
    """What to find. Empty means everything that can still be attended.

    Days are on the clock of each place; `when` is a day or days relative to now ("any": whenever) and gives way to
    `from_day` and `to_day`. Prices are minor units of `currency`, all included, and leave out events sold in other currencies.
    """

    text: str = ""
    place: str = ""
    when: str = ""
    from_day: date | None = None
    to_day: date | None = None
    kinds: tuple[str, ...] = ()
    price_from_minor: int | None = None
    price_to_minor: int | None = None
    currency: str = DEFAULT_CURRENCY
    only_available: bool = False
    page: int = 1

    @property
    def has_price(self) -> bool:
        """Whether the search asks for a price."""
        return self.price_from_minor is not None or self.price_to_minor is not None

    @property
    def is_everything(self) -> bool:
        """Whether nothing at all is asked: the home page."""
        return replace(self, page=1, currency=DEFAULT_CURRENCY) == SearchQuery()

    def params(self) -> list[tuple[str, str]]:
        """This search as address parameters, in the order of the form; what is empty is left out."""
        fields = [
            ("q", self.text),
            ("place", self.place),
            ("when", self.when),
            ("from", self.from_day.isoformat() if self.from_day else ""),
            ("to", self.to_day.isoformat() if self.to_day else ""),
            *(("kind", kind) for kind in self.kinds),
            ("price-from", _major(self.price_from_minor, self.currency)),
            ("price-to", _major(self.price_to_minor, self.currency)),
            ("currency", self.currency if self.has_price else ""),
            ("available", "1" if self.only_available else ""),
            ("page", str(self.page) if self.page > 1 else ""),
        ]
        return [(name, value) for name, value in fields if value]


@dataclass(frozen=True)
class ReadSearch:
    """A search as read: the query, the troubles by field, and what was typed into the troubled fields."""

    query: SearchQuery
    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)


def read_search(params: Mapping[str, Sequence[str]], currencies: Sequence[str]) -> ReadSearch:
    """Read address parameters (each with all its values). A field that makes no sense is left out and reported.

    `currencies` are those that something is sold in; the first is meant when none is named.
    """
    reader = _Reader(params)
    currency = reader.one("currency").upper() or (currencies[0] if currencies else DEFAULT_CURRENCY)
    if currencies and currency not in currencies:
        reader.report("currency", Trouble.UNKNOWN)
        currency = currencies[0]
    from_day, to_day = reader.day("from"), reader.day("to")
    if from_day and to_day and to_day < from_day:
        reader.report("to", Trouble.ENDS_BEFORE_START)
        to_day = None
    price_from, price_to = reader.price("price-from", currency), reader.price("price-to", currency)
    if price_from is not None and price_to is not None and price_to < price_from:
        reader.report("price-to", Trouble.ENDS_BEFORE_START)
        price_to = None
    when = reader.choice("when", WHENS)
    query = SearchQuery(
        text=reader.text("q"),
        place=reader.text("place"),
        when="" if from_day or to_day else when,
        from_day=from_day,
        to_day=to_day,
        kinds=reader.kinds(),
        price_from_minor=price_from,
        price_to_minor=price_to,
        currency=currency,
        only_available=reader.one("available") in {"1", "on", "true"},
        page=reader.page(),
    )
    return ReadSearch(
        query, reader.troubles, {name: reader.one(name)[:TEXT_CHARS_MAX] for name in reader.troubles}
    )


class _Reader:
    def __init__(self, params: Mapping[str, Sequence[str]]) -> None:
        self.params = params
        self.troubles: dict[str, Trouble] = {}

    def report(self, name: str, trouble: Trouble) -> None:
        self.troubles.setdefault(name, trouble)

    def all(self, name: str) -> list[str]:
        # A NUL byte or another control character is never meant, and PostgreSQL refuses the first.
        return [
            "".join(char for char in value if char.isprintable()).strip()
            for value in self.params.get(name, ())
        ]

    def one(self, name: str) -> str:
        return next(iter(reversed(self.all(name))), "")

    def text(self, name: str) -> str:
        value = " ".join(self.one(name).split())
        if len(value) > TEXT_CHARS_MAX:
            self.report(name, Trouble.TOO_LONG)
            return value[:TEXT_CHARS_MAX]
        return value

    def day(self, name: str) -> date | None:
        value = self.one(name)
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.report(name, Trouble.NOT_A_DATE)
            return None

    def price(self, name: str, currency: str) -> int | None:
        value = self.one(name)
        if not value:
            return None
        amount = _amount(value)
        if amount is None:
            self.report(name, Trouble.NOT_A_PRICE)
            return None
        minor = int(amount.scaleb(get_currency_precision(currency)))
        if minor < 0:
            self.report(name, Trouble.NEGATIVE)
            return None
        if minor > PRICE_MINOR_MAX:
            self.report(name, Trouble.TOO_HIGH)
            return None
        return minor

    def choice(self, name: str, known: Sequence[str]) -> str:
        value = self.one(name)
        if value and value not in known:
            self.report(name, Trouble.UNKNOWN)
            return ""
        return value

    def kinds(self) -> tuple[str, ...]:
        asked = {value for value in self.all("kind") if value}
        if asked - set(Kind.values):
            self.report("kind", Trouble.UNKNOWN)
        return tuple(kind for kind in Kind.values if kind in asked)

    def page(self) -> int:
        value = self.one("page")
        is_number = value.isascii() and value.isdigit() and len(value) <= len(str(PAGE_MAX))
        return min(max(int(value), 1), PAGE_MAX) if is_number else 1


def _amount(typed: str) -> Decimal | None:
    """`30`, `30,50`, `1.200`, `€ 30`: a separator before exactly three digits groups thousands."""
    bare = "".join(char for char in typed if not char.isspace() and unicodedata.category(char) != "Sc")
    if not _AMOUNT.fullmatch(bare):
        return None
    return Decimal(_THOUSANDS.sub("", bare).replace(",", "."))


def _major(minor: int | None, currency: str) -> str:
    if minor is None:
        return ""
    return f"{Decimal(minor).scaleb(-get_currency_precision(currency)):f}"
