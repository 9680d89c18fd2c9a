"""Confirm orders: what was held and paid becomes orders with tickets, in one transaction per event.

Order, tickets, allocation, ledger entries and log rows commit together or not at all, and a batch of orders of
one event shares the transaction. Repeating a confirmation answers with the order of the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tmam.catalog.offers import Offer, load_offer
from tmam.inventory.errors import (
    HoldEndedError,
    HoldExpiredError,
    HoldNotFoundError,
    InventoryError,
    NoSuchTicketError,
)
from tmam.inventory.holds import Hold, read_holds
from tmam.inventory.release_hold import convert_holds
from tmam.inventory.seat_plans import Plan, load_plan
from tmam.kernel.ids import new_booking_reference
from tmam.orders.order_rows import ConfirmedOrder, ConfirmRequest, Sale, confirmed_fact, order_steps
from tmam.orders.wanted_tickets import tickets_wanted
from tmam.platform.event_log import log_step
from tmam.platform.statements import START_AGAIN, Step, Verb, merged, statement
from tmam.tickets.issue_tickets import sign_tickets
from tmam.tickets.signing_keys import LoadedKey


@dataclass(frozen=True)
class _Selling:
    """What all orders of one batch have in common."""

    offer: Offer
    plan: Plan | None
    key: LoadedKey
    now: datetime


class HoldsLostError(Exception):
    """Holds that looked live could not be sold any more: what was written for them must be rolled back."""

    def __init__(self, reasons: Mapping[UUID, InventoryError]) -> None:
        super().__init__(f"{len(reasons)} holds were lost")
        self.reasons = reasons


def confirm_orders(
    event_id: int,
    requests: Sequence[ConfirmRequest],
    key: LoadedKey,
    now: datetime,
    *,
    offer: Offer | None = None,
    plan: Plan | None = None,
) -> Verb[list[ConfirmedOrder | InventoryError]]:
    """Confirm a batch of paid (or free) orders of one event; answers in their order.

    A refused request (its places went back on sale: HoldExpiredError, HoldEndedError) does not disturb the
    others; its payment must be refunded by the caller. `offer` and `plan` are loaded when not given. Locks, in this
    order: the event's serial, counters, holds. May start again, so nothing may be written before it in the same
    transaction. Emits `order.confirmed`.

    Raises:
        NoSuchTicketError: there is no such event.
    """
    lost: dict[UUID, InventoryError] = {}
    while True:
        try:
            return (yield from confirm_once(event_id, requests, key, now, offer=offer, plan=plan, lost=lost))
        except HoldsLostError as error:
            lost |= error.reasons
            yield START_AGAIN


def confirm_once(
    event_id: int,
    requests: Sequence[ConfirmRequest],
    key: LoadedKey,
    now: datetime,
    *,
    lost: Mapping[UUID, InventoryError],
    offer: Offer | None = None,
    plan: Plan | None = None,
    holds: Mapping[UUID, Hold] | None = None,
    also: Callable[[Sequence[ConfirmedOrder]], Sequence[Step]] | None = None,
) -> Verb[list[ConfirmedOrder | InventoryError]]:
    """One attempt of `confirm_orders`, without the holds that are known to be `lost`.

    Orders and tickets are signed and written first, the holds converted last: the counters, for which all buyers
    wait, are locked for as short a time as can be. `also` names what else is written for the new orders.

    Raises:
        HoldsLostError: some holds were not live any more; the caller rolls back and tries without them.
        NoSuchTicketError: there is no such event.
    """
    if holds is None:
        holds = yield from read_holds(event_id, sorted({request.hold_id for request in requests}))
    dates = {line.date for hold in holds.values() for line in hold.lines}
    if offer is None or not dates <= offer.date_by_ordinal.keys():
        offer = yield from load_offer(event_id, dates)
    if offer is None:
        raise NoSuchTicketError
    if plan is None and offer.seat_plan_id is not None:
        plan = yield from load_plan(offer.seat_plan_id)
    refused = _not_live(requests, holds, lost)
    fresh = {request.hold_id: request for request in requests if request.hold_id not in refused}
    references = yield from _fresh_references(event_id, len(fresh))
    sales = [
        Sale(request, holds[hold_id], reference)
        for (hold_id, request), reference in zip(fresh.items(), references, strict=True)
    ]
    confirmed = yield from _write_sales(_Selling(offer, plan, key, now), sales, also)
    if fresh:
        sold = yield from convert_holds(event_id, list(fresh), now, holds)
        gone = {id_: answer for id_, answer in sold.items() if isinstance(answer, InventoryError)}
        if gone:
            raise HoldsLostError(gone)
    answers = confirmed | (yield from _orders_of_converted(offer, refused))
    return [answers.get(request.hold_id) or refused[request.hold_id] for request in requests]


def _not_live(
    requests: Sequence[ConfirmRequest], holds: Mapping[UUID, Hold], lost: Mapping[UUID, InventoryError]
) -> dict[UUID, InventoryError]:
    """Why holds cannot be sold, as far as it is known already."""
    refused: dict[UUID, InventoryError] = dict(lost)
    for hold_id in {request.hold_id for request in requests} - refused.keys():
        hold = holds.get(hold_id)
        if hold is None:
            refused[hold_id] = HoldNotFoundError()
        elif hold.state == "expired":
            refused[hold_id] = HoldExpiredError(expired_at=hold.expires_at)
        elif hold.state != "held":
            refused[hold_id] = HoldEndedError(state=hold.state)
    return refused


def _orders_of_converted(
    offer: Offer, refused: Mapping[UUID, InventoryError]
) -> Verb[dict[UUID, ConfirmedOrder]]:
    """The orders of holds that had been converted before: a confirmation that is repeated."""
    again = [
        id_
        for id_, answer in refused.items()
        if isinstance(answer, HoldEndedError) and answer.state == "converted"
    ]
    if not again:
        return {}
    rows = yield statement("tmam.orders", "orders_of_holds"), (offer.event_id, again)
    return {
        UUID(int=hold_id.int): ConfirmedOrder(
            offer.event_id, UUID(int=id_.int), reference, total, offer.currency
        )
        for hold_id, id_, reference, total in rows
    }


def _fresh_references(event_id: int, count: int) -> Verb[list[str]]:
    """References nobody has at this event. Whoever takes one in the same instant trips over the unique key."""
    fresh: set[str] = set()
    while len(fresh) < count:
        candidates = {new_booking_reference(event_id) for _ in range(count - len(fresh))}
        rows = yield statement("tmam.orders", "taken_references"), (event_id, sorted(candidates))
        fresh |= candidates - {taken for (taken,) in rows}
    return sorted(fresh)


def _write_sales(
    sale_of: _Selling,
    sales: Sequence[Sale],
    also: Callable[[Sequence[ConfirmedOrder]], Sequence[Step]] | None,
) -> Verb[dict[UUID, ConfirmedOrder]]:
    """Sign the tickets and write everything with one statement."""
    if not sales:
        return {}
    offer, now = sale_of.offer, sale_of.now
    wanted = [tickets_wanted(offer, sale_of.plan, sale.made, sale.hold) for sale in sales]
    issued, steps = yield from sign_tickets(
        offer.event_id, [ticket for tickets in wanted for ticket in tickets], sale_of.key, now
    )
    remaining = iter(issued)
    confirmed = [
        ConfirmedOrder(
            offer.event_id,
            sale.request.order_id,
            sale.booking_reference,
            sale.hold.total_minor,
            offer.currency,
            tuple([next(remaining) for _ in tickets]),
        )
        for sale, tickets in zip(sales, wanted, strict=True)
    ]
    steps += order_steps(offer, sales, now)
    facts = [confirmed_fact(offer, sale, order, now) for sale, order in zip(sales, confirmed, strict=True)]
    steps.append(log_step(offer.event_id, facts))
    steps += also(confirmed) if also is not None else ()
    yield merged(steps)
    return {sale.hold.id: order for sale, order in zip(sales, confirmed, strict=True)}
