"""What the event page shows, worked out from rows: dates by day, ticket types with price and what is left. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tmam.catalog.models import Date, Event, TicketType
from tmam.catalog.rules import SaleState, SalesWindow, date_places, level, sale_state, type_places
from tmam.kernel.money import price_parts

if TYPE_CHECKING:
    from tmam.web.shop.seat_choice import Seating

# (date_ordinal, pool) → (capacity, free)
Places = Mapping[tuple[int, int], tuple[int, int]]

LIST_MAX = 8
DAYS_MAX = 42


@dataclass(frozen=True)
class Look:
    """One look at an event: its ticket types in order, at a moment."""

    event: Event
    types: Sequence[TicketType]
    now: datetime

    def types_of(self, date_ordinal: int) -> list[TicketType]:
        """The ticket types on offer for a date."""
        return [type_ for type_ in self.types if not type_.dates or date_ordinal in type_.dates]

    def state(self, date: Date, capacity: int, left: int) -> SaleState:
        """What a buyer can do about a date."""
        window = SalesWindow(self.event.status, date.is_cancelled, date.sales_start_at, date.sales_end_at)
        return sale_state(window, capacity, left, self.now)

    def is_maybe_open(self, date: Date) -> bool:
        """Whether a date is within its sales window, however many places are left."""
        return self.state(date, 1, 1).is_open


@dataclass(frozen=True)
class DateLine:
    """One date to choose, with what can be done about it and how many places it has left."""

    date: Date
    state: SaleState
    left: int
    is_chosen: bool


@dataclass(frozen=True)
class DayLine:
    """One day to choose; its address leads to `date`, the first on it that can still be bought."""

    day: date
    date: Date
    is_chosen: bool


@dataclass(frozen=True)
class TypeLine:
    """One ticket type of the chosen date. `numbers` are the quantities one may take now besides 0; `rule_most` is the largest however many are left."""

    type: TicketType
    tax_minor: int
    left: int
    state: SaleState
    numbers: range
    typed: int
    rule_most: int
    seating: Seating | None = None

    @property
    def anchor(self) -> str:
        """The link to its field."""
        return f"#quantity-{self.type.ordinal}"

    @property
    def least(self) -> int:
        """The smallest number one can buy."""
        return self.type.min_per_order

    @property
    def most(self) -> int:
        """The largest number one can buy now."""
        return self.numbers[-1] if self.numbers else 0

    @property
    def can_buy(self) -> bool:
        """Whether at least the smallest number can be had."""
        return bool(self.numbers)


def date_line(look: Look, date: Date, places: Places, *, is_chosen: bool) -> DateLine:
    """A date with what is left of it."""
    pools = [tuple(type_.pools) for type_ in look.types_of(date.ordinal)]
    capacity, left = date_places(pools, _of_date(places, date.ordinal))
    return DateLine(date, look.state(date, capacity, left), left, is_chosen)


def day_lines(look: Look, dates: Sequence[Date], chosen: Date) -> list[DayLine]:
    """The days that `dates` (in order of time) fall on, at most `DAYS_MAX`."""
    by_day: dict[date, list[Date]] = {}
    for each in dates:
        by_day.setdefault(local_day_of(each), []).append(each)
    lines = []
    for day, of_day in list(by_day.items())[:DAYS_MAX]:
        first = next((each for each in of_day if look.is_maybe_open(each)), of_day[0])
        lines.append(DayLine(day, first, is_chosen=day == local_day_of(chosen)))
    return lines


def type_lines(look: Look, date: Date, places: Places, typed: Mapping[int, int]) -> list[TypeLine]:
    """The ticket types of the chosen date; `typed` are quantities to show again (ticket type → number)."""
    of_date = _of_date(places, date.ordinal)
    return [
        _type_line(look.event, type_, of_date, typed.get(type_.ordinal, 0))
        for type_ in look.types_of(date.ordinal)
    ]


def local_day_of(date: Date) -> date:
    """The day a date falls on, on the clock of its place."""
    return date.starts_at.astimezone(ZoneInfo(date.time_zone)).date()


def _type_line(
    event: Event, type_: TicketType, places: Mapping[int, tuple[int, int]], typed: int
) -> TypeLine:
    capacity, left = type_places(type_.pools, places)
    rule_most = min(type_.max_per_order, event.max_per_order)
    numbers = range(max(type_.min_per_order, 1), min(rule_most, left) + 1)
    return TypeLine(
        type=type_,
        tax_minor=price_parts(type_.price_minor, type_.fee_minor, type_.tax_basis_points).tax_minor,
        left=left,
        state=level(capacity, left),
        numbers=numbers,
        typed=typed,
        rule_most=rule_most,
    )


def _of_date(places: Places, ordinal: int) -> dict[int, tuple[int, int]]:
    return {pool: numbers for (date_ordinal, pool), numbers in places.items() if date_ordinal == ordinal}
