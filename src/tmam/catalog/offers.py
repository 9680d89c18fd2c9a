"""An event's offer: what a hold must know to be decided, in one immutable value.

Loaded by one statement, so the hot shell can keep it for a second and decide thousands of holds with it.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

import msgspec

from tmam.platform.statements import Verb, statement


class OfferDate(msgspec.Struct, frozen=True):
    """One date of the offer; all instants are timezone-aware."""

    ordinal: int
    starts_at: datetime
    ends_at: datetime
    doors_at: datetime | None
    sales_start_at: datetime
    sales_end_at: datetime
    is_cancelled: bool


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

    def is_sold_on(self, date_ordinal: int) -> bool:
        """Whether this type is on offer for a date (no dates named: for all)."""
        return not self.dates or date_ordinal in self.dates


class Offer(msgspec.Struct, frozen=True, dict=True):
    """One event as the inventory sees it."""

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


def load_offer(event_id: int) -> Verb[Offer | None]:
    """The current offer of an event, or None when there is no such event."""
    rows = yield statement("tmam.catalog", "load_offer"), (event_id,)
    return msgspec.json.decode(rows[0][0], type=Offer) if rows else None
