"""Pure decisions about holds: what a request draws on, and who gets what when places are short."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tmam.catalog.offers import Offer, OfferDate
from tmam.inventory import errors
from tmam.inventory.counter_keys import pool_counter_id
from tmam.inventory.holds import Hold, HoldLine

ON_SALE = "on_sale"
LARGEST_QUANTITY = 1_000
SECOND_CLICK = timedelta(seconds=10)


@dataclass(frozen=True)
class HoldRequest:
    """What a visitor asks for: some tickets for one date of one event. `quantities`: ticket type → number.

    `is_form` marks a page's plain form, which is the same bytes for everyone and so has no key of its own: the
    same form again within seconds is a second click, not a second wish.
    """

    hold_id: UUID
    visitor_id: UUID
    date_ordinal: int
    quantities: Mapping[int, int]
    idempotency_key: str | None = None
    is_form: bool = False


@dataclass(frozen=True)
class Draw:
    """A valid request worked out: its priced lines and the counters they draw on (counter id → places)."""

    request: HoldRequest
    lines: tuple[HoldLine, ...]
    counters: Mapping[int, int] = field(default_factory=dict)


def plan_draw(offer: Offer, request: HoldRequest, now: datetime) -> Draw:
    """Check a request against the event's rules and work out what it draws on.

    Raises:
        NoSuchTicketError, NotOnSaleError, SalesNotOpenError, SalesEndedError, NothingChosenError,
        BadQuantityError, TooFewError, TooManyError.
    """
    _open_date(offer, request.date_ordinal, now)
    wanted = {type_: quantity for type_, quantity in request.quantities.items() if quantity != 0}
    if not wanted:
        raise errors.NothingChosenError
    lines: list[HoldLine] = []
    counters: Counter[int] = Counter()
    for ordinal, quantity in sorted(wanted.items()):
        type_ = offer.type_by_ordinal.get(ordinal)
        if type_ is None or not type_.is_sold_on(request.date_ordinal):
            raise errors.NoSuchTicketError
        if not 0 < quantity <= LARGEST_QUANTITY:
            raise errors.BadQuantityError(most=type_.max_per_order)
        if quantity < type_.min_per_order:
            raise errors.TooFewError(least=type_.min_per_order)
        if quantity > type_.max_per_order:
            raise errors.TooManyError(most=type_.max_per_order)
        for pool in type_.pools:
            counters[pool_counter_id(request.date_ordinal, 0, pool)] += quantity
        lines.append(
            HoldLine(
                request.date_ordinal,
                ordinal,
                quantity,
                type_.price_minor,
                type_.fee_minor,
                type_.tax_basis_points,
            )
        )
    if sum(wanted.values()) > offer.max_per_order:
        raise errors.TooManyError(most=offer.max_per_order)
    return Draw(request, tuple(lines), dict(counters))


def _open_date(offer: Offer, date_ordinal: int, now: datetime) -> OfferDate:
    date = offer.date_by_ordinal.get(date_ordinal)
    if date is None or not offer.is_public:
        raise errors.NoSuchTicketError
    if offer.status != ON_SALE or date.is_cancelled:
        raise errors.NotOnSaleError
    if now < date.sales_start_at:
        raise errors.SalesNotOpenError(opens_at=date.sales_start_at)
    if now >= date.sales_end_at:
        raise errors.SalesEndedError(ended_at=date.sales_end_at)
    return date


def against_holds(
    draw: Draw, live: Sequence[Hold], most_per_order: int, now: datetime
) -> Hold | errors.EnoughHeldError | None:
    """Judge a request beside what its visitor holds of the event: a second click, too many in all, or fine (None)."""
    if draw.request.is_form:
        for hold in live:
            wanted = [(line.date, line.ticket_type, line.quantity) for line in draw.lines]
            if now - hold.held_at < SECOND_CLICK and wanted == [
                (line.date, line.ticket_type, line.quantity) for line in hold.lines
            ]:
                return hold
    held = sum(hold.quantity for hold in live)
    if held + sum(line.quantity for line in draw.lines) > most_per_order:
        return errors.EnoughHeldError(held=held, most=most_per_order)
    return None


def allot(draws: Sequence[Draw], free: Mapping[int, int]) -> list[errors.SoldOutError | None]:
    """Serve requests in their order: each gets all it asked for, or is refused and takes nothing.

    A large refused request therefore never stands in the way of smaller ones behind it. `free` maps counter
    ids to free places. Answers, in the same order, None for "granted" or what was lacking.
    """
    remaining = dict(free)
    answers: list[errors.SoldOutError | None] = []
    for draw in draws:
        lack = _lacking(draw, remaining)
        if lack is None:
            for counter_id, places in draw.counters.items():
                remaining[counter_id] -= places
        answers.append(lack)
    return answers


def _lacking(draw: Draw, remaining: Mapping[int, int]) -> errors.SoldOutError | None:
    if all(remaining.get(counter_id, 0) >= places for counter_id, places in draw.counters.items()):
        return None
    least = min(max(remaining.get(counter_id, 0), 0) for counter_id in draw.counters)
    return errors.SoldOutError(ticket_type=draw.lines[0].ticket_type, left=least)
