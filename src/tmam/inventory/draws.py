"""What a request is about: priced lines, and the counters and limits they draw on. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from tmam.catalog.fares import stretch_price
from tmam.catalog.offers import Offer, OfferCode, OfferDate, OfferType
from tmam.inventory import errors
from tmam.inventory.counter_keys import (
    code_counter_id,
    contingent_counter_id,
    limit_counter_id,
    pool_counter_id,
)
from tmam.inventory.holds import HoldLine

ON_SALE: Final = "on_sale"
WEB: Final = "web"
LARGEST_QUANTITY: Final = 1_000
MOST_WISHES: Final = 50
CODE_CHARS_MAX: Final = 40


class Wish(msgspec.Struct, frozen=True):
    """Some tickets of one type for one date.

    `seats` are picked by number (then one ticket each); `section` is a block of the plan to choose in; `accessible`
    is how many of the tickets must be wheelchair places. On trips `from_stop` and `to_stop` say the stretch, left
    out: the whole trip.
    """

    date: int
    ticket_type: int
    quantity: int
    from_stop: int | None = None
    to_stop: int | None = None
    seats: tuple[int, ...] = ()
    section: int | None = None
    accessible: int = 0


class HoldRequest(msgspec.Struct, frozen=True):
    """What a visitor asks for, for one event.

    `takes_less`: grant what is left instead of all or nothing. `identities` are those known already, by kind
    (`network`, `account`, …). `is_form` marks a page's plain form, which is the same bytes for everyone and so has
    no key of its own: the same form again within seconds is a second click, not a second wish.
    """

    hold_id: UUID
    visitor_id: UUID
    wishes: tuple[Wish, ...]
    idempotency_key: str | None = None
    is_form: bool = False
    takes_less: bool = False
    channel: str = WEB
    code: str = ""
    identities: Mapping[str, str] = {}


class Limit(msgspec.Struct, frozen=True):
    """A counter besides the pools: at most `most` of it in all. `dated` ones count only one date's lines."""

    counter_id: int
    kind: str
    most: int


class DrawLine(msgspec.Struct, frozen=True):
    """One priced line with what each of its tickets draws on."""

    line: HoldLine
    wish: Wish
    pools: tuple[int, ...]
    limits: tuple[Limit, ...]
    least: int


class Draw(msgspec.Struct, frozen=True):
    """A valid request worked out."""

    request: HoldRequest
    lines: tuple[DrawLine, ...]

    @property
    def counter_ids(self) -> set[int]:
        """Everything it draws on."""
        ids: set[int] = set()
        for line in self.lines:
            ids.update(line.pools)
            ids.update(limit.counter_id for limit in line.limits)
        return ids


class _Sale(msgspec.Struct, frozen=True):
    """What all lines of one request have in common."""

    offer: Offer
    request: HoldRequest
    code: OfferCode | None
    shared: tuple[Limit, ...]
    now: datetime


def wishes_for(date_ordinal: int, quantities: Mapping[int, int]) -> tuple[Wish, ...]:
    """The wishes of a plain form: ticket type → number, zeros left out."""
    return tuple(
        Wish(date_ordinal, ticket_type, quantity)
        for ticket_type, quantity in sorted(quantities.items())
        if quantity != 0
    )


def plan_draw(offer: Offer, request: HoldRequest, now: datetime, code: OfferCode | None = None) -> Draw:
    """Check a request against the event's rules and work out what it draws on.

    Raises:
        NoSuchTicketError, NotOnSaleError, SalesNotOpenError, SalesEndedError, NothingChosenError,
        BadQuantityError, TooFewError, TooManyError, BadStretchError, NoSuchSeatError, CodeUnknownError,
        CodeNeededError.
    """
    if request.code and code is None:
        raise errors.CodeUnknownError
    if not request.wishes:
        raise errors.NothingChosenError
    if len(request.wishes) > MOST_WISHES:
        raise errors.TooManyError(most=offer.max_per_order)
    sale = _Sale(offer, request, code, _shared_limits(offer, request, now), now)
    lines = tuple([_line(sale, wish) for wish in request.wishes])
    if len(lines) > 1:
        _check_sums(offer, lines)
    if request.channel == WEB and sum(line.line.quantity for line in lines) > offer.max_per_order:
        raise errors.TooManyError(most=offer.max_per_order)
    return Draw(request, lines)


def limits_for(
    offer: Offer, identities: Mapping[str, str], channel: str, day_zone: str, now: datetime
) -> tuple[Limit, ...]:
    """The limits of an event that these identities fall under; an empty identity is nobody's.

    `day_zone`: whose midnight ends a card's day.
    """
    limits: list[Limit] = []
    for limit in offer.limits:
        identity = identities.get("card" if limit.kind == "card_day" else limit.kind)
        if not identity or channel in limit.exempt_channels:
            continue
        if limit.kind == "card_day":
            identity = f"{identity}:{now.astimezone(ZoneInfo(day_zone)).date().isoformat()}"
        limits.append(Limit(limit_counter_id(limit.kind, identity), limit.kind, limit.most))
    return tuple(limits)


def _shared_limits(offer: Offer, request: HoldRequest, now: datetime) -> tuple[Limit, ...]:
    """What every ticket of the request counts for: the order's own limit on the web, and identities known already."""
    limits: tuple[Limit, ...] = ()
    if request.channel == WEB:
        order = limit_counter_id("order", request.visitor_id.hex)
        limits = (Limit(order, "order", offer.max_per_order),)
    if offer.limits and request.identities:
        zone = offer.dates[0].time_zone if offer.dates else "UTC"
        limits += limits_for(offer, request.identities, request.channel, zone, now)
    return limits


def _line(sale: _Sale, wish: Wish) -> DrawLine:
    offer, request, code = sale.offer, sale.request, sale.code
    type_ = offer.type_by_ordinal.get(wish.ticket_type)
    date = offer.date_by_ordinal.get(wish.date)
    if type_ is None or date is None or not type_.is_sold_on(wish.date) or not offer.is_public:
        raise errors.NoSuchTicketError
    from_stop, to_stop, departs_after_s = _stretch(offer, date, wish)
    used_code = code if code is not None and code.is_for(type_.ordinal) else None
    if code is not None and used_code is None and len(request.wishes) == 1:
        raise errors.CodeUnknownError  # a code for something else is of no use here
    _check_open(sale, date, type_, used_code, departs_after_s)
    quantity = _quantity(type_, wish)
    price_minor = type_.price_minor
    if from_stop is not None and to_stop is not None and (pattern := offer.pattern_of(date)) is not None:
        price_minor = stretch_price(type_, pattern, from_stop, to_stop)
    if used_code is not None:
        price_minor = used_code.price_of(price_minor)
    line = HoldLine(
        wish.date,
        type_.ordinal,
        quantity,
        price_minor,
        min(type_.fee_minor, price_minor),
        type_.tax_basis_points,
        from_stop=from_stop,
        to_stop=to_stop,
        code=None if used_code is None else used_code.ordinal,
    )
    segments = line.segments
    pools = tuple([pool_counter_id(wish.date, segment, pool) for segment in segments for pool in type_.pools])
    limits = sale.shared
    if offer.contingents:
        limits += tuple(
            Limit(
                contingent_counter_id(wish.date, segment, each.pool, each.channel), "contingent", each.places
            )
            for each in offer.contingents
            if each.channel == request.channel and each.pool in type_.pools
            for segment in segments
        )
    if used_code is not None:
        limits += (Limit(code_counter_id(used_code.ordinal), "code", used_code.uses),)
    return DrawLine(line, wish, pools, limits, type_.min_per_order)


def _stretch(offer: Offer, date: OfferDate, wish: Wish) -> tuple[int | None, int | None, int]:
    """From stop, to stop, and how many seconds after the trip's start it departs there."""
    pattern = offer.pattern_of(date)
    if pattern is None:
        if wish.from_stop is not None or wish.to_stop is not None:
            raise errors.BadStretchError
        return None, None, 0
    from_stop = 0 if wish.from_stop is None else wish.from_stop
    to_stop = pattern.last_stop if wish.to_stop is None else wish.to_stop
    if not 0 <= from_stop < to_stop <= pattern.last_stop:
        raise errors.BadStretchError
    if from_stop in pattern.no_boarding or to_stop in pattern.no_alighting:
        raise errors.BadStretchError
    return from_stop, to_stop, pattern.departure_s[from_stop]


def _check_open(
    sale: _Sale, date: OfferDate, type_: OfferType, code: OfferCode | None, departs_after_s: int
) -> None:
    now = sale.now
    if sale.offer.status != ON_SALE or date.is_cancelled:
        raise errors.NotOnSaleError
    if type_.needs_code and code is None:
        raise errors.CodeNeededError(ticket_type=type_.ordinal)
    opens_at, ended_at = date.sales_start_at, date.sales_end_at
    if departs_after_s:
        ended_at += timedelta(seconds=departs_after_s)
    if code is not None:
        if now < (code.opens_at or opens_at) or now >= (code.ends_at or ended_at):
            raise errors.CodeUnknownError
        opens_at = code.opens_at or opens_at
    if now < opens_at:
        raise errors.SalesNotOpenError(opens_at=opens_at)
    if now >= ended_at:
        raise errors.SalesEndedError(ended_at=ended_at)


def _quantity(type_: OfferType, wish: Wish) -> int:
    quantity = wish.quantity
    if wish.seats:
        if (
            not type_.is_seated
            or len(set(wish.seats)) != len(wish.seats)
            or quantity not in {0, len(wish.seats)}
        ):
            raise errors.NoSuchSeatError(seat=wish.seats[0])
        quantity = len(wish.seats)
    if not 0 < quantity <= LARGEST_QUANTITY or not 0 <= wish.accessible <= quantity:
        raise errors.BadQuantityError(most=type_.max_per_order)
    if quantity < type_.min_per_order:
        raise errors.TooFewError(least=type_.min_per_order)
    if quantity > type_.max_per_order:
        raise errors.TooManyError(most=type_.max_per_order)
    return quantity


def _check_sums(offer: Offer, lines: tuple[DrawLine, ...]) -> None:
    """Several lines of one type for one date and stretch count together; a seat is named once."""
    sums: Counter[tuple[int, int, int | None, int | None]] = Counter()
    seats: set[tuple[int, int]] = set()
    for each in lines:
        line = each.line
        sums[line.date, line.ticket_type, line.from_stop, line.to_stop] += line.quantity
        for seat in each.wish.seats:
            if (line.date, seat) in seats:
                raise errors.NoSuchSeatError(seat=seat)
            seats.add((line.date, seat))
    for (_, ticket_type, _, _), quantity in sums.items():
        most = offer.type_by_ordinal[ticket_type].max_per_order
        if quantity > most:
            raise errors.TooManyError(most=most)
