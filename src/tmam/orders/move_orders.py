"""The orders of a lost mailbox, given to the address that took its place. Links sent to the old one stop working."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeAlias
from uuid import UUID

from django.db import transaction

from tmam.orders.models import PersonOrder
from tmam.orders.person_orders import same_address
from tmam.platform.statements import Verb, run_verb, statement

MovedOrders: TypeAlias = Callable[[int, Sequence[UUID]], None]
_also: list[MovedOrders] = []


def follows_moved_orders(step: MovedOrders) -> None:
    """Register what else ends when orders get another address: it gets the event and the orders' ids.

    Called in the transaction that moves them.
    """
    if step not in _also:
        _also.append(step)


def move_orders(*, from_address: str, to_address: str) -> int:
    """Give all orders of one address to another, one transaction per event; returns how many. Safe to repeat."""
    by_event: dict[int, list[UUID]] = defaultdict(list)
    old = same_address(from_address)
    for event_id, order_id in PersonOrder.objects.filter(email=old).values_list("event_id", "order_id"):
        by_event[event_id].append(order_id)
    for event_id, order_ids in sorted(by_event.items()):
        with transaction.atomic():
            run_verb(_move(event_id, order_ids, old, to_address))
            for follow in _also:
                follow(event_id, order_ids)
            PersonOrder.objects.filter(order_id__in=order_ids).update(email=same_address(to_address))
    return sum(map(len, by_event.values()))


def _move(event_id: int, order_ids: list[UUID], old: str, new: str) -> Verb[None]:
    yield statement("tmam.orders", "move_orders"), (event_id, order_ids, old, new)
