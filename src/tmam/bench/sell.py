"""Sales that happened before the measuring, by the very verbs that serve buyers, a few hundred orders at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tmam.bench.errors import BenchError
from tmam.catalog.models import Event
from tmam.catalog.offers import Offer, load_offer
from tmam.inventory.draws import HoldRequest, Wish
from tmam.inventory.hold_places import hold_places
from tmam.inventory.holds import Hold
from tmam.inventory.seat_plans import Plan, load_plan
from tmam.kernel.ids import new_uuid7
from tmam.orders.confirm_order import confirm_orders
from tmam.orders.order_rows import ConfirmRequest
from tmam.platform.statements import run_verb
from tmam.tickets.signing_keys import LoadedKey, load_signing_key

ORDERS_AT_ONCE = 250


def sell(event: Event, wishes: Sequence[Wish], now: datetime) -> None:
    """One order at `now` for each wish, with tickets, ledger entries and everything.

    Raises:
        BenchError: a wish was refused.
    """
    offer = run_verb(load_offer(event.id))
    if offer is None:
        raise BenchError(f"There is no event {event.id}.")
    plan = run_verb(load_plan(offer.seat_plan_id)) if offer.seat_plan_id is not None else None
    key = run_verb(load_signing_key(event.id))
    for first in range(0, len(wishes), ORDERS_AT_ONCE):
        _sell_some(offer, plan, key, wishes[first : first + ORDERS_AT_ONCE], now)


def _sell_some(
    offer: Offer, plan: Plan | None, key: LoadedKey, wishes: Sequence[Wish], now: datetime
) -> None:
    requests = [HoldRequest(new_uuid7(now), new_uuid7(now), (wish,)) for wish in wishes]
    holds = run_verb(hold_places(offer, plan, requests, now))
    orders = [_order(hold, offer, now) for hold in holds]
    for answer in run_verb(confirm_orders(offer.event_id, orders, key, now, offer=offer, plan=plan)):
        if isinstance(answer, Exception):
            raise BenchError(f"A sale was refused: {answer}")


def _order(hold: Hold | Exception, offer: Offer, now: datetime) -> ConfirmRequest:
    if not isinstance(hold, Hold):
        raise BenchError(f"A hold was refused: {hold}")
    return ConfirmRequest(
        hold_id=hold.id,
        order_id=new_uuid7(now),
        checkout_id=new_uuid7(now),
        payment_id=new_uuid7(now),
        gateway="sandbox",
        email="buyer@buyers.example",
        name="Buyer",
        language="en",
        terms_version=offer.terms_version,
        actor="system",
    )
