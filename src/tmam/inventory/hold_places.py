"""Hold places: the verb that a whole on-sale waits for.

One transaction serves a batch of requests for one event. It locks everything concerned in the order of the ids,
decides in plain Python who gets what (`grants`), and writes everything with one statement. While it runs, the next
batch gathers (see `platform.batching`), so the locks are taken once per batch, not once per buyer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import msgspec

from tmam.catalog.offers import Offer, find_codes
from tmam.inventory.counter_keys import is_pool, pool_of_counter
from tmam.inventory.draws import Draw, HoldRequest, Limit, plan_draw
from tmam.inventory.errors import InventoryError, NoSuchTicketError
from tmam.inventory.grants import Decision, Grant, Stock, decide
from tmam.inventory.holds import Hold, decode_hold
from tmam.inventory.seat_maps import MapKey, lock_seat_maps, put_seat_maps, without
from tmam.inventory.seat_plans import Plan
from tmam.platform.statements import START_AGAIN, Rows, Step, Verb, statement

RECLAIM_LIMIT: Final = 5_000
SECOND_CLICK: Final = timedelta(seconds=10)
Answer: TypeAlias = Hold | InventoryError

_LOCK_COUNTERS = statement("tmam.inventory", "lock_counters")
_APPLY_HOLDS = statement("tmam.inventory", "apply_holds")


def hold_places(
    offer: Offer, plan: Plan | None, requests: Sequence[HoldRequest], now: datetime
) -> Verb[list[Answer]]:
    """Hold what each request asks for, in the order given.

    `offer` has the dates asked for, `plan` is the event's seat plan, needed when any type is seated. Each answer is
    the hold, or why there is none; a request that repeats an idempotency key gets the hold of the first time. Locks
    the counters and seat maps drawn on; ends expired holds that stand in the way before refusing anybody.
    """
    answers: list[Answer | None] = [None] * len(requests)
    repeats = _repeats(requests)
    draws = yield from _plan_draws(offer, requests, repeats, answers, now)
    yield from _answer_repeats(offer.event_id, draws, answers, now)
    if draws:
        decisions, before, stock = yield from _decide(offer, plan, draws, now)
        granted: list[tuple[Hold, Grant]] = []
        for (place, draw), decision in zip(draws.items(), decisions, strict=True):
            if isinstance(decision, Grant):
                hold = _new_hold(offer, draw, decision, now)
                granted.append((hold, decision))
                answers[place] = hold
            else:
                answers[place] = decision
        yield from put_seat_maps(offer.event_id, before, stock.maps)
        if granted:
            yield _write(offer.event_id, granted, now)
    for place, first in repeats.items():
        answers[place] = answers[first]
    return [answer for answer in answers if answer is not None]


def _repeats(requests: Sequence[HoldRequest]) -> dict[int, int]:
    """Requests that one batch holds twice, by key or as the same plain form: place → place of the first."""
    first_of: dict[tuple[object, ...], int] = {}
    repeats: dict[int, int] = {}
    for place, request in enumerate(requests):
        if request.idempotency_key is not None:
            name: tuple[object, ...] = (request.visitor_id, request.idempotency_key)
        elif request.is_form:
            name = (request.visitor_id, request.wishes, request.code)
        else:
            continue
        first = first_of.setdefault(name, place)
        if first != place:
            repeats[place] = first
    return repeats


def _plan_draws(
    offer: Offer,
    requests: Sequence[HoldRequest],
    repeats: Mapping[int, int],
    answers: list[Answer | None],
    now: datetime,
) -> Verb[dict[int, Draw]]:
    """Work out every request that is none of another; refusals go to `answers`."""
    typed = {request.code for request in requests if request.code}
    codes = (yield from find_codes(offer.event_id, typed)) if typed else {}
    draws: dict[int, Draw] = {}
    for place, request in enumerate(requests):
        if place in repeats:
            continue
        try:
            draws[place] = plan_draw(offer, request, now, codes.get(request.code))
        except InventoryError as error:
            answers[place] = error
    return draws


def _answer_repeats(
    event_id: int, draws: dict[int, Draw], answers: list[Answer | None], now: datetime
) -> Verb[None]:
    """Answer what was asked in an earlier transaction with the hold of that time: by its key, or a form's second click."""
    keyed = [(draw.request.visitor_id, draw.request.idempotency_key) for draw in draws.values()]
    keyed = [(visitor_id, key) for visitor_id, key in keyed if key is not None]
    made: dict[tuple[UUID, str | None], Hold] = {}
    if keyed:
        rows = yield (
            statement("tmam.inventory", "find_repeated_holds"),
            (event_id, [visitor_id for visitor_id, _ in keyed], [key for _, key in keyed]),
        )
        holds = [decode_hold(event_id, row) for row in rows]
        made = {(hold.visitor_id, hold.idempotency_key): hold for hold in holds}
    forms = sorted({draw.request.visitor_id for draw in draws.values() if draw.request.is_form})
    recent: list[Hold] = []
    if forms:
        rows = yield statement("tmam.inventory", "recent_holds"), (event_id, forms, now - SECOND_CLICK)
        recent = [decode_hold(event_id, row) for row in rows]
    if not made and not recent:
        return
    for place, draw in list(draws.items()):
        request = draw.request
        hold = made.get((request.visitor_id, request.idempotency_key)) if request.idempotency_key else None
        if hold is None and request.is_form:
            hold = next((hold for hold in recent if _is_second_click(draw, hold, now)), None)
        if hold is not None:
            del draws[place]
            answers[place] = hold


def _is_second_click(draw: Draw, hold: Hold, now: datetime) -> bool:
    if hold.visitor_id != draw.request.visitor_id or not hold.is_live(now):
        return False
    wanted = [msgspec.structs.replace(line.line, seats=()) for line in draw.lines]
    return wanted == [msgspec.structs.replace(line, seats=()) for line in hold.lines]


def _decide(
    offer: Offer, plan: Plan | None, draws: Mapping[int, Draw], now: datetime
) -> Verb[tuple[list[Decision], dict[MapKey, int], Stock]]:
    """Decide under lock; answers the decisions, the seat maps as they were and the stock as it will be.

    Only when somebody would get less than was asked and expired holds stand in the way, the locks are taken anew,
    those holds' pools among them, so that ending them keeps the order of locks.
    """
    wanted = sorted({counter_id for draw in draws.values() for counter_id in draw.counter_ids})
    is_seated = any(
        offer.type_by_ordinal[line.line.ticket_type].is_seated
        for draw in draws.values()
        for line in draw.lines
    )
    around = _around(offer, draws.values()) if is_seated else set()
    before = yield from _lock(offer.event_id, plan if is_seated else None, wanted, around)
    stock = before.copy()
    decisions = _decide_known(offer, plan, draws, stock)
    if all(_gets_all(draw, decision) for draw, decision in zip(draws.values(), decisions, strict=True)):
        return decisions, before.maps, stock
    rows = yield (
        statement("tmam.inventory", "counters_of_expired"),
        (offer.event_id, wanted, now, RECLAIM_LIMIT),
    )
    if not rows:
        return decisions, before.maps, stock
    yield START_AGAIN
    pools = {int(row[0]) for row in rows}
    before = yield from _lock(offer.event_id, plan, sorted(pools.union(wanted)), around)
    returned = yield (
        statement("tmam.inventory", "reclaim_holds"),
        (offer.event_id, now, list(before.free), RECLAIM_LIMIT, list(before.used)),
    )
    stock = before.copy()
    _give_back(stock, returned)
    decisions = _decide_known(offer, plan, draws, stock)
    return decisions, before.maps, stock


def _gets_all(draw: Draw, decision: Decision) -> bool:
    asked = sum(line.line.quantity for line in draw.lines)
    return isinstance(decision, Grant) and sum(line.quantity for line in decision.lines) == asked


def _lock(
    event_id: int, plan: Plan | None, counter_ids: Sequence[int], around: AbstractSet[MapKey]
) -> Verb[Stock]:
    """Lock counters, then (given a plan) the seat maps of every date and segment whose pools were locked."""
    rows = yield _LOCK_COUNTERS, (event_id, counter_ids)
    free: dict[int, int] = {}
    used: dict[int, int] = {}
    for id_, capacity, held, sold in rows:
        if is_pool(id_):
            free[id_] = capacity - held - sold
        else:
            used[id_] = held + sold
    maps: dict[MapKey, int] = {}
    if plan is not None:
        keys = around | {pool_of_counter(counter_id)[:2] for counter_id in free}
        maps = yield from lock_seat_maps(event_id, keys, plan.size)
    return Stock(free, used, maps)


def _around(offer: Offer, draws: Iterable[Draw]) -> set[MapKey]:
    """The segments just before and after each stretch: a seat in use there fits best."""
    keys: set[MapKey] = set()
    for line in (each.line for draw in draws for each in draw.lines):
        pattern = offer.pattern_of(offer.date_by_ordinal[line.date])
        if pattern is None:
            continue
        if line.segments.start > 0:
            keys.add((line.date, line.segments.start - 1))
        if line.segments.stop < pattern.last_stop:
            keys.add((line.date, line.segments.stop))
    return keys


def _decide_known(offer: Offer, plan: Plan | None, draws: Mapping[int, Draw], stock: Stock) -> list[Decision]:
    """Decide what draws on pools that exist; the others have nothing to draw on."""
    known = [
        draw
        for draw in draws.values()
        if all(pool in stock.free for line in draw.lines for pool in line.pools)
    ]
    if len(known) == len(draws):
        return decide(offer, plan, known, stock)
    decided = iter(decide(offer, plan, known, stock))
    are_known = {id(draw) for draw in known}
    return [next(decided) if id(draw) in are_known else NoSuchTicketError() for draw in draws.values()]


def _give_back(stock: Stock, returned: Rows) -> None:
    """Take in what `reclaim_holds` gave back."""
    for id_, quantity, *_ in returned:
        if id_ in stock.free:
            stock.free[id_] += quantity
        elif id_ in stock.used:
            stock.used[id_] -= quantity
    stock.maps = without(stock.maps, [row[2:5] for row in returned if row[0] is None])


def _new_hold(offer: Offer, draw: Draw, grant: Grant, now: datetime) -> Hold:
    request = draw.request
    return Hold(
        offer.event_id,
        request.hold_id,
        request.visitor_id,
        "held",
        grant.lines,
        tuple(grant.counters),
        tuple(grant.counters.values()),
        now,
        now + timedelta(minutes=offer.hold_minutes),
        0,
        request.idempotency_key,
        request.channel,
    )


def _write(event_id: int, granted: Sequence[tuple[Hold, Grant]], now: datetime) -> Step:
    pools: Counter[int] = Counter()
    others: Counter[int] = Counter()
    limits: dict[int, Limit] = {}
    claims: list[tuple[int, int, int, UUID]] = []
    for hold, grant in granted:
        for counter_id, quantity in grant.counters.items():
            (pools if is_pool(counter_id) else others)[counter_id] += quantity
        limits.update((limit.counter_id, limit) for limit in grant.limits)
        claims += [
            (line.date, segment, seat, hold.id)
            for line in hold.lines
            for seat in line.seats
            for segment in line.segments
        ]
    holds = [hold for hold, _ in granted]
    return (
        _APPLY_HOLDS,
        (
            event_id,
            list(pools),
            list(pools.values()),
            list(others),
            [limits[counter_id].kind for counter_id in others],
            [limits[counter_id].most for counter_id in others],
            list(others.values()),
            [date for date, _, _, _ in claims],
            [segment for _, segment, _, _ in claims],
            [seat for _, _, seat, _ in claims],
            [hold_id for _, _, _, hold_id in claims],
            now,
            [hold.id for hold in holds],
            [hold.visitor_id for hold in holds],
            [msgspec.json.encode(hold.lines).decode() for hold in holds],
            [_array_text(hold.counter_ids) for hold in holds],
            [_array_text(hold.counter_quantities) for hold in holds],
            [hold.expires_at for hold in holds],
            [hold.idempotency_key for hold in holds],
            [hold.channel for hold in holds],
        ),
    )


def _array_text(numbers: Sequence[int]) -> str:
    """A PostgreSQL array literal: arrays of arrays flatten in `unnest`, texts do not."""
    return "{" + ",".join(map(str, numbers)) + "}"
