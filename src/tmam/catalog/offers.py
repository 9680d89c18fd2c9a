"""An event's offer: what a hold must know to be decided, in one immutable value.

Loaded by one statement for the dates that matter, so the hot shell can keep it for a second and decide thousands
of holds with it, whether the event has one date or sixty thousand.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cached_property

import msgspec

from tmam.platform.statements import Verb, statement


class OfferDate(msgspec.Struct, frozen=True):
    """One date of the offer; all instants are timezone-aware. `pattern` is a trip's stop pattern."""

    ordinal: int
    starts_at: datetime
    ends_at: datetime
    doors_at: datetime | None
    sales_start_at: datetime
    sales_end_at: datetime
    is_cancelled: bool
    time_zone: str = "UTC"
    pattern: int | None = None


class OfferPattern(msgspec.Struct, frozen=True):
    """Where a trip calls, see `catalog.StopPattern`: per stop, elapsed seconds, metres and fare zone."""

    ordinal: int
    arrival_s: tuple[int, ...]
    departure_s: tuple[int, ...]
    distance_m: tuple[int, ...]
    zones: tuple[str, ...]
    no_boarding: frozenset[int] = frozenset()
    no_alighting: frozenset[int] = frozenset()

    @property
    def last_stop(self) -> int:
        """The ordinal of the last stop, which is the number of segments."""
        return len(self.departure_s) - 1


class Fares(msgspec.Struct, frozen=True):
    """Prices by stretch, see `catalog.TicketType`. `steps` are `(up to km, minor units)`, ascending."""

    by: str = ""
    steps: tuple[tuple[int, int], ...] = ()
    prices: dict[str, int] = {}


class OfferType(msgspec.Struct, frozen=True):
    """One ticket type of the offer. `price_minor` is what the buyer pays, fee and tax inside."""

    ordinal: int
    name: dict[str, str]
    price_minor: int
    fee_minor: int
    tax_basis_points: int
    pools: tuple[int, ...]
    dates: frozenset[int]
    min_per_order: int
    max_per_order: int
    is_seated: bool
    asks_name: bool
    asks_document: bool
    needs_code: bool = False
    fares: Fares = Fares()

    def is_sold_on(self, date_ordinal: int) -> bool:
        """Whether this type is on offer for a date (no dates named: for all)."""
        return not self.dates or date_ordinal in self.dates


class OfferLimit(msgspec.Struct, frozen=True):
    """A limit per person, card or network; `exempt_channels` are not counted."""

    kind: str
    most: int
    exempt_channels: frozenset[str]


class OfferContingent(msgspec.Struct, frozen=True):
    """The places of a pool that one channel may sell on each date."""

    pool: int
    channel: str
    places: int


class OfferCode(msgspec.Struct, frozen=True):
    """A sales code, see `catalog.SalesCode`."""

    ordinal: int
    code: str
    uses: int
    ticket_types: frozenset[int]
    opens_at: datetime | None
    ends_at: datetime | None
    off_basis_points: int
    price_minor: int | None

    def is_for(self, ticket_type: int) -> bool:
        """Whether it opens or lowers a ticket type (none named: all)."""
        return not self.ticket_types or ticket_type in self.ticket_types

    def price_of(self, price_minor: int) -> int:
        """The price with this code; half a minor unit is rounded in the buyer's favour."""
        if self.price_minor is not None:
            return min(self.price_minor, price_minor)
        return price_minor - -(-price_minor * self.off_basis_points // 10_000)


class Offer(msgspec.Struct, frozen=True, dict=True):
    """One event as the inventory sees it. `dates` are those that were asked for."""

    event_id: int
    organizer_id: int
    status: str
    currency: str
    hold_minutes: int
    extension_minutes: int
    max_per_order: int
    seat_plan_id: int | None
    slug: str
    terms_version: str
    dates: tuple[OfferDate, ...]
    ticket_types: tuple[OfferType, ...]
    avoid_single_seats: bool = True
    patterns: tuple[OfferPattern, ...] = ()
    limits: tuple[OfferLimit, ...] = ()
    contingents: tuple[OfferContingent, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether people may know of it: a draft is nobody's business yet."""
        return self.status != "draft"

    @cached_property
    def date_by_ordinal(self) -> dict[int, OfferDate]:
        """The dates by their number."""
        return {date.ordinal: date for date in self.dates}

    @cached_property
    def type_by_ordinal(self) -> dict[int, OfferType]:
        """The ticket types by their number."""
        return {type_.ordinal: type_ for type_ in self.ticket_types}

    @cached_property
    def pattern_by_ordinal(self) -> dict[int, OfferPattern]:
        """The stop patterns of the dates by their number."""
        return {pattern.ordinal: pattern for pattern in self.patterns}

    def pattern_of(self, date: OfferDate) -> OfferPattern | None:
        """Where a trip calls; None for a date that is no trip."""
        return None if date.pattern is None else self.pattern_by_ordinal[date.pattern]


def load_offer(event_id: int, dates: Collection[int] | None = None) -> Verb[Offer | None]:
    """The current offer of an event with the dates named (None: all), or None when there is no such event."""
    rows = yield (
        statement("tmam.catalog", "load_offer"),
        (event_id, None if dates is None else sorted(dates)),
    )
    return msgspec.json.decode(rows[0][0], type=Offer) if rows else None


def find_codes(event_id: int, codes: Collection[str]) -> Verb[dict[str, OfferCode]]:
    """The sales codes of an event by their text (in capitals); unknown ones are absent."""
    rows = yield statement("tmam.catalog", "find_codes"), (event_id, sorted(codes))
    found = [msgspec.json.decode(text, type=OfferCode) for (text,) in rows]
    return {code.code: code for code in found}
