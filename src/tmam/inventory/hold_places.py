"""Hold places: the verb that a whole on-sale waits for.

One transaction serves a batch of requests for one event. It locks the counters concerned in the order of
their ids, decides in plain Python who gets what, and writes everything with one statement. While it runs,
the next batch gathers (see `platform.batching`), so the lock is taken once per batch, not once per buyer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from tmam.catalog.offers import Offer
from tmam.inventory.best_seats import Plan, best_seats
from tmam.inventory.errors import InventoryError, NoSuchTicketError
from tmam.inventory.holds import Hold, HoldLine, decode_hold
from tmam.inventory.rules import Draw, HoldRequest, against_holds, allot, plan_draw
from tmam.platform.statements import Step, Verb, statement

RECLAIM_LIMIT = 5_000
Answer = Hold | InventoryError


def hold_places(
    offer: Offer, plan: Plan | None, requests: Sequence[HoldRequest], now: datetime
) -> Verb[list[Answer]]:
    """Hold what each request asks for, all or nothing, in the order given.

    `plan` is the event's seat plan, needed when any type is seated. Each answer is the hold, or why there is
    none; a request that repeats an idempotency key gets the hold of the first time. Locks the counters drawn
    on; reclaims expired holds on them before refusing anybody.
    """
    answers: list[Answer | None] = [None] * len(requests)
    draws: dict[int, Draw] = {}
    first_of: dict[tuple[UUID, str], int] = {}
    repeats: dict[int, int] = {}
    for place, request in enumerate(requests):
        if request.idempotency_key is not None:
            first = first_of.setdefault((request.visitor_id, request.idempotency_key), place)
            if first != place:
                repeats[place] = first
                continue
        try:
            draws[place] = plan_draw(offer, request, now)
        except InventoryError as error:
            answers[place] = error
    if draws:
        granted = yield from _grant(offer, plan, draws, answers, now)
        if granted:
            yield _write(offer.event_id, granted, now)
    for place, first in repeats.items():
        answers[place] = answers[first]
    return [answer for answer in answers if answer is not None]


def _grant(
    offer: Offer, plan: Plan | None, draws: dict[int, Draw], answers: list[Answer | None], now: datetime
) -> Verb[list[Hold]]:
    """Decide every draw; fills `answers` and returns the new holds, yet to be written."""
    counter_ids = sorted({counter_id for draw in draws.values() for counter_id in draw.counters})
    locked = yield statement("tmam.inventory", "lock_counters"), (offer.event_id, counter_ids)
    free = {id_: capacity - held - sold for id_, capacity, held, sold in locked}
    for place in [place for place, draw in draws.items() if not draw.counters.keys() <= free.keys()]:
        del draws[place]
        answers[place] = NoSuchTicketError()
    yield from _answer_repeats(offer.event_id, draws, answers)
    yield from _answer_holders(offer, draws, answers, now)
    lacks = allot(list(draws.values()), free)
    if any(lacks):
        returned = yield from _reclaim(offer.event_id, list(free), now)
        if returned:
            free = {id_: places + returned.get(id_, 0) for id_, places in free.items()}
            lacks = allot(list(draws.values()), free)
    expires_at = now + timedelta(minutes=offer.hold_minutes)
    granted: list[Hold] = []
    taken_by_date: dict[int, set[int]] = {}
    for (place, draw), lack in zip(draws.items(), lacks, strict=True):
        if lack is not None:
            answers[place] = lack
            continue
        lines = draw.lines
        if any(offer.type_by_ordinal[line.ticket_type].is_seated for line in lines):
            lines = yield from _seat(offer, plan, lines, taken_by_date)
        hold = Hold(
            offer.event_id,
            draw.request.hold_id,
            draw.request.visitor_id,
            "held",
            lines,
            tuple(draw.counters),
            tuple(draw.counters.values()),
            now,
            expires_at,
            0,
            draw.request.idempotency_key,
        )
        answers[place] = hold
        granted.append(hold)
    return granted


def _answer_repeats(event_id: int, draws: dict[int, Draw], answers: list[Answer | None]) -> Verb[None]:
    """Answer requests that were made in an earlier transaction with the hold of that time."""
    keyed = [(draw.request.visitor_id, draw.request.idempotency_key) for draw in draws.values()]
    keyed = [(visitor_id, key) for visitor_id, key in keyed if key is not None]
    if not keyed:
        return
    rows = yield (
        statement("tmam.inventory", "find_repeated_holds"),
        (event_id, [visitor_id for visitor_id, _ in keyed], [key for _, key in keyed]),
    )
    holds = [decode_hold(event_id, row) for row in rows]
    made = {(hold.visitor_id, hold.idempotency_key): hold for hold in holds}
    for place, draw in list(draws.items()):
        hold = made.get((draw.request.visitor_id, draw.request.idempotency_key))
        if hold is not None:
            del draws[place]
            answers[place] = hold


def _answer_holders(
    offer: Offer, draws: dict[int, Draw], answers: list[Answer | None], now: datetime
) -> Verb[None]:
    """Answer visitors who hold places of this event already: their second click, or more than an order may have.

    Several requests of one visitor in one batch are each judged by what was held before it.
    """
    visitors = sorted({draw.request.visitor_id for draw in draws.values()})
    if not visitors:
        return
    rows = yield statement("tmam.inventory", "live_holds_of_visitors"), (offer.event_id, visitors, now)
    live: dict[UUID, list[Hold]] = {visitor_id: [] for visitor_id in visitors}
    for row in rows:
        hold = decode_hold(offer.event_id, row)
        live[hold.visitor_id].append(hold)
    for place, draw in list(draws.items()):
        judged = against_holds(draw, live[draw.request.visitor_id], offer.max_per_order, now)
        if judged is not None:
            del draws[place]
            answers[place] = judged


def _reclaim(event_id: int, locked_ids: list[int], now: datetime) -> Verb[dict[int, int]]:
    rows = yield statement("tmam.inventory", "reclaim_holds"), (event_id, now, locked_ids, RECLAIM_LIMIT)
    return {counter_id: places for counter_id, places, _ in rows}


def _seat(
    offer: Offer, plan: Plan | None, lines: tuple[HoldLine, ...], taken_by_date: dict[int, set[int]]
) -> Verb[tuple[HoldLine, ...]]:
    """Choose seats for the seated lines. The pool's counter is locked, so nobody else chooses there now."""
    if plan is None:
        raise ValueError(f"event {offer.event_id} sells seats without a plan")
    seated: list[HoldLine] = []
    for line in lines:
        type_ = offer.type_by_ordinal[line.ticket_type]
        if not type_.is_seated:
            seated.append(line)
            continue
        if line.date not in taken_by_date:
            rows = yield statement("tmam.inventory", "taken_seats"), (offer.event_id, line.date)
            taken_by_date[line.date] = {seat for (seat,) in rows}
        seats = best_seats(plan, type_.pools[0], taken_by_date[line.date], line.quantity)
        if len(seats) != line.quantity:
            raise AssertionError(
                f"event {offer.event_id}: pool {type_.pools[0]} counts more places than seats"
            )
        taken_by_date[line.date].update(seats)
        seated.append(msgspec.structs.replace(line, seats=tuple(seats)))
    return tuple(seated)


def _write(event_id: int, holds: Sequence[Hold], now: datetime) -> Step:
    drawn: Counter[int] = Counter()
    claims: list[tuple[int, int, UUID, datetime]] = []
    for hold in holds:
        for counter_id, places in zip(hold.counter_ids, hold.counter_quantities, strict=True):
            drawn[counter_id] += places
        claims += [(line.date, seat, hold.id, hold.expires_at) for line in hold.lines for seat in line.seats]
    return (
        statement("tmam.inventory", "apply_holds"),
        (
            event_id,
            list(drawn),
            list(drawn.values()),
            [date for date, _, _, _ in claims],
            [seat for _, seat, _, _ in claims],
            [hold_id for _, _, hold_id, _ in claims],
            [expires_at for _, _, _, expires_at in claims],
            now,
            [hold.id for hold in holds],
            [hold.visitor_id for hold in holds],
            [msgspec.json.encode(hold.lines).decode() for hold in holds],
            [_array_text(hold.counter_ids) for hold in holds],
            [_array_text(hold.counter_quantities) for hold in holds],
            [hold.expires_at for hold in holds],
            [hold.idempotency_key for hold in holds],
        ),
    )


def _array_text(numbers: Sequence[int]) -> str:
    """A PostgreSQL array literal: arrays of arrays flatten in `unnest`, texts do not."""
    return "{" + ",".join(map(str, numbers)) + "}"
