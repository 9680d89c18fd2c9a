"""The demo season as its files tell it: read, and checked for shape.

`read_season` is pure but for reading the package's own files. Prices are decimal texts in the event's currency with
fee and tax inside (`"26.00"`; whole numbers for JPY and KRW). Texts for readers are tables by language code.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import TypeVar

import msgspec

from tmam.catalog.models import EventStatus, Kind, TransferPolicy

T = TypeVar("T")
FOLDER = "season"


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table whose keys are all known: a misspelt key is an error, not a silent nothing."""


class VenueEntry(_Strict, frozen=True):
    """A venue, see `catalog.models.Venue`; its key in the file becomes its slug."""

    name: str
    city: str
    country: str
    latitude: float
    longitude: float
    time_zone: str
    street: str = ""
    postal_code: str = ""
    region: str = ""


class Band(_Strict, frozen=True):
    """Some like rows of a block: their labels, seats in each, price category, gaps after the n-th seat."""

    rows: str
    seats: int
    category: str
    aisles: tuple[int, ...] = ()


class Block(_Strict, frozen=True):
    """A part of a hall. `accessible` names seats as `row label + seat label`, with a dash after a numeric row."""

    label: str
    bands: tuple[Band, ...]
    accessible: tuple[str, ...] = ()


class PlanEntry(_Strict, frozen=True):
    """A numbered hall; its `categories` become the pools, counted from 1."""

    venue: str
    name: str
    categories: tuple[str, ...]
    blocks: tuple[Block, ...]


class Slots(_Strict, frozen=True):
    """Times of entry from `first` to `last` (`HH:MM`, both included)."""

    first: str
    last: str
    every_minutes: int


class DateRule(_Strict, frozen=True):
    """When an event takes place, counted from the day the season is loaded, on the clock of the venue.

    `count` days are taken from `from_day` on that fall on one of `weekdays` (none named: any) and inside `season`
    (`["01-15", "03-20"]`: month and day, none: all year); each has dates `at` these times or `slots`. Sales close
    `sales_close_minutes` before the start (below zero: after it). `is_open_now`: one date that began an hour ago.
    """

    lasts_minutes: int
    from_day: int = 0
    weekdays: tuple[str, ...] = ()
    season: tuple[str, str] | None = None
    count: int = 1
    at: tuple[str, ...] = ()
    slots: Slots | None = None
    is_open_now: bool = False
    doors_minutes: int | None = None
    sales_close_minutes: int = 0
    label: dict[str, str] = {}


class TypeEntry(_Strict, frozen=True):
    """A ticket type; `pools` by the names that the event (or its seat plan) gives them."""

    name: dict[str, str]
    price: str
    pools: tuple[str, ...]
    fee: str = "0"
    description: dict[str, str] = {}
    max_per_order: int = 10
    is_seated: bool = False
    asks_name: bool = False
    asks_document: bool = False


class EventEntry(_Strict, frozen=True):
    """An event. `pools`: capacity of each date by name, numbered from 1 in this order; a `plan` brings its own.

    `sales_open_in_days`: the sale begins that many days from now (none: it has been open for a month). `sold`
    tickets of the first date are sold while loading. The poster is drawn from `poster_seed`, or else from the slug.
    """

    slug: str
    kind: Kind
    venue: str
    currency: str
    tax_basis_points: int
    hold_minutes: int
    extension_minutes: int
    max_per_order: int
    transfer_policy: TransferPolicy
    title: dict[str, str]
    summary: dict[str, str]
    description: dict[str, str]
    dates: tuple[DateRule, ...]
    types: tuple[TypeEntry, ...]
    status: EventStatus = EventStatus.ON_SALE
    plan: str | None = None
    pools: dict[str, int] = {}
    performers: tuple[str, ...] = ()
    sales_open_in_days: int | None = None
    sold: int = 0
    poster_seed: str = ""


class OrganizerEntry(_Strict, frozen=True):
    """An organizer and what it offers, see `organizers.models.Organizer`."""

    slug: str
    name: str
    legal_name: str
    address: str
    country: str
    tax_number: str
    email: str
    website: str
    accent_hue: int
    about: dict[str, str]
    events: tuple[EventEntry, ...]


class Terms(_Strict, frozen=True):
    """The demo's terms of sale by language, with `{name}` and `{email}` to fill in."""

    version: str
    en: str
    es: str


class Season(_Strict, frozen=True):
    """All of it; venues and plans by their keys."""

    venues: dict[str, VenueEntry]
    plans: dict[str, PlanEntry]
    terms: Terms
    organizers: tuple[OrganizerEntry, ...]


def read_season() -> Season:
    """The season of the package's own files.

    Raises:
        msgspec.ValidationError: a file has an unknown key or a value of the wrong type.
    """
    folder = resources.files("tmam.demo").joinpath(FOLDER)
    names = sorted(path.name for path in folder.iterdir() if path.name.startswith("organizer_"))
    places = msgspec.json.decode(folder.joinpath("places.json").read_bytes())["places"]
    return Season(
        venues=_read("venues.toml", dict[str, VenueEntry]) | msgspec.convert(places, dict[str, VenueEntry]),
        plans=_read("seat_plans.toml", dict[str, PlanEntry]),
        terms=_read("terms.toml", Terms),
        organizers=tuple(_read(name, OrganizerEntry) for name in names),
    )


def _read(name: str, type_: type[T]) -> T:
    text = resources.files("tmam.demo").joinpath(FOLDER, name).read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), type_)
