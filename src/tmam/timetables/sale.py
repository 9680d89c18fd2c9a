"""How the trips of a timetable are sold: the sale file (TOML), with the options of the command on top.

A timetable says when trains run, not what tickets are called, nor in which language, nor how many places there are.
Every key is described by the structures below; `lines` changes some of it for one line, by its name in the timetable.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from tmam.catalog.fares import zone_pair
from tmam.catalog.models import TransferPolicy
from tmam.kernel.money import minor_units
from tmam.timetables.lines import Line

PLACES_MAX = 5000
PRICE_MINOR_MAX = 100_000_000
_SEATS = re.compile(r"(?:([0-9]{1,2})x)?([0-9]{1,3})x([0-9]{1,2})")


class SaleFileError(Exception):
    """The sale file cannot be used; the text is one sentence."""


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table whose keys are all known: a misspelt key is an error, not a silent nothing."""


class TypeSale(_Strict, frozen=True):
    """A ticket type. `price` is for what `steps` (up to km, price) or `zones` (`"A B" = price`) do not name.

    `pools` are the price categories of a `seat_plan`; everything else has one pool, 1.
    """

    name: dict[str, str]
    price: str
    fee: str = "0"
    description: dict[str, str] = {}
    steps: tuple[tuple[int, str], ...] = ()
    zones: dict[str, str] = {}
    pools: tuple[int, ...] = (1,)
    max_per_order: int = 9
    asks_name: bool = False
    asks_document: bool = False


class LineSale(_Strict, frozen=True):
    """What is different for one line. `seats`: `coaches x rows x seats in a row`, for example `6x12x4`."""

    title: dict[str, str] = {}
    summary: dict[str, str] = {}
    description: dict[str, str] = {}
    capacity: int | None = None
    seats: str = ""
    types: tuple[TypeSale, ...] = ()


class Sale(_Strict, frozen=True):
    """The whole file. `seat_plan` is the number of a plan that exists already, instead of `seats`.

    `coach_label` is what people read on the ticket before the coach's number (`Coche`).
    """

    currency: str = "EUR"
    tax_basis_points: int = 0
    hold_minutes: int = 10
    extension_minutes: int = 5
    max_per_order: int = 9
    transfer_policy: TransferPolicy = TransferPolicy.NAME_CHANGE
    sale_opens_days_before: int = 365
    capacity: int | None = None
    seats: str = ""
    seat_plan: int | None = None
    coach_label: str = ""
    summary: dict[str, str] = {}
    description: dict[str, str] = {}
    types: tuple[TypeSale, ...] = ()
    lines: dict[str, LineSale] = {}


@dataclass(frozen=True)
class Coaches:
    """Numbered seats: so many coaches (a cabin is one) of rows of seats."""

    coaches: int
    rows: int
    seats: int

    @property
    def capacity(self) -> int:
        """How many seats that are."""
        return self.coaches * self.rows * self.seats


@dataclass(frozen=True)
class TypeTerms:
    """A ticket type in the catalogue's terms, see `catalog.TicketType`."""

    name: dict[str, str]
    description: dict[str, str]
    price_minor: int
    fee_minor: int
    fares: dict[str, Any]
    pools: tuple[int, ...] = (1,)
    max_per_order: int = 9
    asks_name: bool = False
    asks_document: bool = False


@dataclass(frozen=True)
class LineTerms:
    """All that is needed to sell a line: either `coaches`, or a plan that exists, or places without numbers."""

    sale: Sale
    types: tuple[TypeTerms, ...]
    capacity: int
    coaches: Coaches | None = None
    seat_plan: int | None = None
    title: dict[str, str] = field(default_factory=dict)
    summary: dict[str, str] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)

    @property
    def is_seated(self) -> bool:
        """Whether places are numbered."""
        return self.coaches is not None or self.seat_plan is not None


@dataclass(frozen=True)
class FeedFares:
    """What a timetable itself says of prices: by zones or one price, for all lines or for some (None)."""

    currency: str
    flat_minor: Mapping[str | None, int]
    zones_minor: Mapping[str | None, Mapping[str, int]]


def read_sale(path: Path) -> Sale:
    """A sale file.

    Raises:
        SaleFileError: it cannot be read, or a key or value is wrong.
    """
    try:
        sale = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Sale)
        for type_ in (*sale.types, *(each for line in sale.lines.values() for each in line.types)):
            type_terms(type_, sale.currency)
        for text in (sale.seats, *(line.seats for line in sale.lines.values())):
            parse_seats(text)
    except (
        OSError,
        UnicodeDecodeError,
        tomllib.TOMLDecodeError,
        msgspec.ValidationError,
        ValueError,
    ) as error:
        raise SaleFileError(f"The sale file {path.name} cannot be used: {error}.") from None
    return sale


def parse_seats(text: str) -> Coaches | None:
    """`6x12x4` as coaches, `30x6` as one; None for an empty text.

    Raises:
        ValueError: it is neither, or more than 5,000 seats.
    """
    if not text:
        return None
    match = _SEATS.fullmatch(text)
    coaches = Coaches(*(int(part or 1) for part in match.groups())) if match else None
    if coaches is None or not 0 < coaches.capacity <= PLACES_MAX or coaches.seats > 26:
        raise ValueError(f"seats are written as coaches x rows x seats, such as 6x12x4; {text!r} is not")
    return coaches


def terms_for(line: Line, sale: Sale, fares: FeedFares | None) -> LineTerms | None:
    """How a line is sold, or None if nothing says what it costs."""
    own = sale.lines.get(line.key, LineSale())
    types = tuple(type_terms(type_, sale.currency) for type_ in own.types or sale.types)
    if not types and fares is not None:
        types = _feed_types(line.key, fares)
    if not types:
        return None
    coaches = parse_seats(own.seats or ("" if own.capacity is not None else sale.seats))
    capacity = own.capacity if own.capacity is not None else (sale.capacity or 0)
    return LineTerms(
        sale=sale,
        types=types,
        capacity=coaches.capacity if coaches else capacity,
        coaches=coaches,
        seat_plan=None if coaches or own.capacity is not None else sale.seat_plan,
        title=own.title,
        summary=own.summary or sale.summary,
        description=own.description or sale.description,
    )


def type_terms(type_: TypeSale, currency: str) -> TypeTerms:
    """A ticket type of the file in the catalogue's terms.

    Raises:
        ValueError: a price is none, or a pair of zones is not two names.
    """
    if type_.steps:
        steps = [[up_to_km, minor_units(price, currency)] for up_to_km, price in sorted(type_.steps)]
        fares: dict[str, Any] = {"by": "distance", "steps": steps}
    elif type_.zones:
        prices = {
            zone_pair(*_pair(zones)): minor_units(price, currency) for zones, price in type_.zones.items()
        }
        fares = {"by": "zones", "prices": prices}
    else:
        fares = {}
    return TypeTerms(
        name=type_.name,
        description=type_.description,
        price_minor=minor_units(type_.price, currency),
        fee_minor=minor_units(type_.fee, currency),
        fares=fares,
        pools=type_.pools,
        max_per_order=type_.max_per_order,
        asks_name=type_.asks_name,
        asks_document=type_.asks_document,
    )


def _pair(zones: str) -> tuple[str, str]:
    parts = zones.split()
    if len(parts) != 2:
        raise ValueError(f"a pair of zones is written as two names with a space between; {zones!r} is not")
    return parts[0], parts[1]


def _feed_types(route_id: str, fares: FeedFares) -> tuple[TypeTerms, ...]:
    """One ticket type with the timetable's own prices; what they do not name costs the dearest of them."""
    flats = [fares.flat_minor[key] for key in (route_id, None) if key in fares.flat_minor]
    zones = {**fares.zones_minor.get(None, {}), **fares.zones_minor.get(route_id, {})}
    if not flats and not zones:
        return ()
    price = min(flats) if flats else max(zones.values())
    by_zones = {"by": "zones", "prices": zones} if zones else {}
    return (TypeTerms({"en": "Single", "es": "Sencillo"}, {}, price, 0, by_zones),)
