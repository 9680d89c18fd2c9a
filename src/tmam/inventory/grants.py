"""Who gets what, when all that is scarce is locked and known. Pure: the same stock and draws, the same answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

from tmam.catalog.offers import Offer, OfferType
from tmam.inventory import errors
from tmam.inventory.best_seats import SeatWish, best_seats, nearest_seats, seats_left_alone
from tmam.inventory.draws import Draw, DrawLine, Limit
from tmam.inventory.holds import HoldLine
from tmam.inventory.seat_maps import MapKey
from tmam.inventory.seat_plans import Plan


class Stock(msgspec.Struct):
    """What is left: free places by pool, what was used of every other counter, taken seats by date and segment."""

    free: dict[int, int]
    used: dict[int, int]
    maps: dict[MapKey, int]

    def copy(self) -> Stock:
        """A copy to decide with; deciding changes it."""
        return Stock(dict(self.free), dict(self.used), dict(self.maps))


class Grant(msgspec.Struct, frozen=True):
    """What a draw gets. `counters`: id → quantity; `limits` are those among them that are no pools."""

    lines: tuple[HoldLine, ...]
    counters: Mapping[int, int]
    limits: tuple[Limit, ...]


Decision: TypeAlias = Grant | errors.InventoryError


def decide(offer: Offer, plan: Plan | None, draws: Sequence[Draw], stock: Stock) -> list[Decision]:
    """Serve draws in their order, taking from `stock`; each gets what it asked for, or is refused and takes nothing.

    A large refused draw therefore never stands in the way of smaller ones behind it. One that takes less gets what
    is left of each line, and is refused only when nothing is.
    """
    return [_decide_one(offer, plan, draw, stock) for draw in draws]


def _decide_one(offer: Offer, plan: Plan | None, draw: Draw, stock: Stock) -> Decision:
    taken: Counter[int] = Counter()
    maps: dict[MapKey, int] = {}
    lines: list[HoldLine] = []
    refusal: errors.InventoryError | None = None
    for line in draw.lines:
        seen = stock.maps | maps if maps else stock.maps
        quantity, lack = _available(line, stock, taken)
        # Who picked seats is told which of them are gone, even when nothing else is left either.
        got = lack if lack and not line.wish.seats else _serve(offer, plan, line, seen)
        if lack and isinstance(got, HoldLine):
            got = lack
        if isinstance(got, errors.InventoryError) and draw.request.takes_less:
            got = _less(offer, plan, line, quantity, seen) or got
        if isinstance(got, errors.InventoryError):
            if not draw.request.takes_less:
                return got
            refusal = refusal or got
            continue
        lines.append(got)
        for counter_id in line.pools:
            taken[counter_id] += got.quantity
        for limit in line.limits:
            taken[limit.counter_id] += got.quantity
        for key in _map_keys(got):
            maps[key] = maps.get(key, stock.maps[key]) | _bits(got.seats)
    if not lines:
        return refusal or errors.NothingChosenError()
    _take(stock, taken, maps)
    limits = {
        limit.counter_id: limit for line in draw.lines for limit in line.limits if limit.counter_id in taken
    }
    return Grant(tuple(lines), taken, tuple(limits.values()))


def _serve(
    offer: Offer, plan: Plan | None, line: DrawLine, maps: Mapping[MapKey, int]
) -> HoldLine | errors.InventoryError:
    """All of one line, for which there are places: numbered ones are chosen now."""
    if offer.type_by_ordinal[line.line.ticket_type].is_seated:
        return _seat(offer, plan, line, line.line.quantity, maps)
    return line.line


def _take(stock: Stock, taken: Mapping[int, int], maps: Mapping[MapKey, int]) -> None:
    for counter_id, quantity in taken.items():
        if counter_id in stock.free:
            stock.free[counter_id] -= quantity
        else:
            stock.used[counter_id] = stock.used.get(counter_id, 0) + quantity
    stock.maps.update(maps)


def _available(
    line: DrawLine, stock: Stock, taken: Mapping[int, int]
) -> tuple[int, errors.InventoryError | None]:
    """How many of a line's tickets the counters allow, and what is lacking if that is fewer than it asks."""
    wanted = line.line.quantity
    most = wanted
    lack: errors.InventoryError | None = None
    for counter_id in line.pools:
        left = stock.free[counter_id] - taken.get(counter_id, 0)
        if left < most:
            most = max(left, 0)
            lack = errors.SoldOutError(ticket_type=line.line.ticket_type, left=most)
    for limit in line.limits:
        used = stock.used.get(limit.counter_id, 0) + taken.get(limit.counter_id, 0)
        left = limit.most - used
        if left < most:
            most = max(left, 0)
            lack = _over_limit(limit, line, used, most)
    return most, lack


def _over_limit(limit: Limit, line: DrawLine, used: int, left: int) -> errors.InventoryError:
    match limit.kind:
        case "order":
            return errors.EnoughHeldError(held=used, most=limit.most)
        case "code":
            return errors.CodeUsedUpError(left=left)
        case "contingent":  # what other channels may still sell is nobody's business here
            return errors.SoldOutError(ticket_type=line.line.ticket_type, left=left)
        case _:
            return errors.LimitReachedError(limit=limit.kind, most=limit.most, left=left)


def _less(
    offer: Offer, plan: Plan | None, line: DrawLine, most: int, maps: Mapping[MapKey, int]
) -> HoldLine | None:
    """The largest part of a line that can be had, at least as many as the type is sold in; None: nothing."""
    type_ = offer.type_by_ordinal[line.line.ticket_type]
    if line.wish.seats:
        taken = plan.in_order(_taken(line.line, maps)) if plan is not None else 0
        free = [seat for seat in line.wish.seats if plan and not taken >> plan.place_of.get(seat, 0) & 1][
            :most
        ]
        wish = msgspec.structs.replace(line.wish, seats=tuple(free), quantity=len(free))
        line = msgspec.structs.replace(line, wish=wish)
        most = len(free)
    for quantity in range(most, max(line.least, 1) - 1, -1):
        if not type_.is_seated:
            return msgspec.structs.replace(line.line, quantity=quantity)
        got = _seat(offer, plan, line, quantity, maps)
        if isinstance(got, HoldLine):
            return got
    return None


def _seat(
    offer: Offer, plan: Plan | None, line: DrawLine, quantity: int, maps: Mapping[MapKey, int]
) -> HoldLine | errors.InventoryError:
    """Give a line its seats: those that were picked, or the best there are."""
    type_ = offer.type_by_ordinal[line.line.ticket_type]
    if plan is None:
        raise ValueError(f"event {offer.event_id} sells seats without a plan")
    taken = plan.in_order(_taken(line.line, maps))
    wish = SeatWish(
        type_.pools[0],
        quantity,
        line.wish.section,
        min(line.wish.accessible, quantity),
        offer.avoid_single_seats,
    )
    if line.wish.seats:
        seats: Sequence[int] = line.wish.seats
        refusal = _refuse_picked(plan, type_, wish, taken, seats)
        if refusal is not None:
            return refusal
    else:
        seats = best_seats(plan, wish, taken, _preferred(plan, line.line, maps))
        if len(seats) != quantity:
            return errors.NoFittingSeatsError(ticket_type=type_.ordinal)
    return msgspec.structs.replace(line.line, quantity=quantity, seats=tuple(seats))


def _refuse_picked(
    plan: Plan, type_: OfferType, wish: SeatWish, taken: int, seats: Sequence[int]
) -> errors.InventoryError | None:
    """Why picked seats cannot be had: not of this type, taken, or leaving single seats where that is avoided."""
    for number in seats:
        seat = plan.by_number.get(number)
        if seat is None or seat.pool != type_.pools[0]:
            return errors.NoSuchSeatError(seat=number)
    gone = tuple(number for number in seats if taken >> plan.place_of[number] & 1)
    if gone:
        return errors.SeatsTakenError(taken=gone, alternative=tuple(nearest_seats(plan, wish, taken, seats)))
    if not wish.avoids_singles:
        return None
    alone = seats_left_alone(plan, wish, taken, seats)
    if not alone:
        return None
    better = best_seats(plan, wish, taken)
    if len(better) < len(seats) or seats_left_alone(plan, wish, taken, better):
        return None  # there is no better way left
    return errors.SingleSeatLeftError(alone=tuple(alone), alternative=tuple(better))


def _preferred(plan: Plan, line: HoldLine, maps: Mapping[MapKey, int]) -> int:
    """On trips: the seats that are in use just before and after the stretch, so that long stretches stay whole."""
    if line.from_stop is None:
        return -1
    before = maps.get((line.date, line.segments.start - 1), -1)
    after = maps.get((line.date, line.segments.stop), -1)
    return plan.in_order((before & after) & ((1 << plan.size) - 1))


def _taken(line: HoldLine, maps: Mapping[MapKey, int]) -> int:
    taken = 0
    for segment in line.segments:
        taken |= maps[line.date, segment]
    return taken


def _map_keys(line: HoldLine) -> Iterator[MapKey]:
    return ((line.date, segment) for segment in line.segments) if line.seats else iter(())


def _bits(seats: Sequence[int]) -> int:
    bits = 0
    for seat in seats:
        bits |= 1 << (seat - 1)
    return bits
