"""Forget who bought: the orders' part of an erased account.

An order stays, because the organizer's books and the gate need it; its buyer's name and address and its holders'
names go. What the law makes us keep of a paid order is put aside first, sealed (`KeptRecord`). An order with a date
to come waits until that is over: its tickets stay valid, and the person at the door must be able to say who they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import msgspec
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from tmam.accounts.personal_data import Departed, forgets
from tmam.orders.models import Checkout, CheckoutHold, CheckoutState, KeptRecord, Order, PersonOrder
from tmam.orders.order_summary import load_orders, summarize_orders
from tmam.platform import keys
from tmam.platform.settings import current_settings
from tmam.platform.statements import Verb, run_verb, statement

TAX_RECORDS: Final = "tax_records"
DAYS_OF_A_YEAR: Final = 365.25
RECORDS_AT_A_TIME: Final = 1_000

ForgetOrders: TypeAlias = Callable[[int, Sequence[UUID]], None]
_also: list[ForgetOrders] = []


def forgets_orders(step: ForgetOrders) -> None:
    """Register what else is to be forgotten of orders whose buyer is: it gets the event and the orders' ids.

    Called in the transaction that empties the orders, perhaps more than once for the same ones.
    """
    if step not in _also:
        _also.append(step)


@forgets("orders")
def forget_buyer(departed: Departed, now: datetime) -> bool:
    """Forget a departed person's checkouts and orders as far as it is time; true when nothing is left."""
    are_checkouts_done = _forget_checkouts(departed)
    keys_of_orders = list(
        PersonOrder.objects.filter(email__in=departed.addresses, ordered_at__lte=departed.until).values_list(
            "event_id", "order_id"
        )
    )
    by_event: dict[int, list[Order]] = defaultdict(list)
    are_all_over = True
    for summary in summarize_orders(load_orders(keys_of_orders)):
        if summary.is_upcoming(now):
            are_all_over = False
        else:
            by_event[summary.order.event_id].append(summary.order)
    for event_id, orders in sorted(by_event.items()):
        _forget_orders(event_id, orders, now)
    return are_checkouts_done and are_all_over


def sweep_kept_records(now: datetime) -> int:
    """Delete what the law no longer makes us keep; returns how many."""
    ended = KeptRecord.objects.filter(keep_until__lte=now).order_by("keep_until")
    return KeptRecord.objects.filter(
        pk__in=list(ended.values_list("pk", flat=True)[:RECORDS_AT_A_TIME])
    ).delete()[0]


def opened(record: KeptRecord) -> dict[str, str]:
    """The sealed part of a kept record, for the staff area (which notes who looked)."""
    return msgspec.json.decode(keys.decrypt(bytes(record.sealed)), type=dict[str, str])


def _forget_orders(event_id: int, orders: Sequence[Order], now: datetime) -> None:
    """One event's orders, in one transaction: aside what must be kept, then the names, last the list of the person."""
    ids = [order.id for order in orders]
    with transaction.atomic():
        for order in orders:
            if order.total_minor > 0 and order.email:
                _keep(order, now)
        run_verb(_forget_rows(event_id, ids))
        for forget in _also:
            forget(event_id, ids)
        PersonOrder.objects.filter(order_id__in=ids).delete()


def _keep(order: Order, now: datetime) -> None:
    years = current_settings().kept_record_years
    KeptRecord.objects.get_or_create(
        order_id=order.id,
        defaults={
            "event_id": order.event_id,
            "booking_reference": order.booking_reference,
            "confirmed_at": order.confirmed_at,
            "total_minor": order.total_minor,
            "currency": order.currency,
            "sealed": keys.encrypt(msgspec.json.encode({"name": order.name, "email": order.email})),
            "legal_basis": TAX_RECORDS,
            "kept_since": now,
            "keep_until": order.confirmed_at + timedelta(days=DAYS_OF_A_YEAR * years),
        },
    )


def _forget_rows(event_id: int, order_ids: list[UUID]) -> Verb[None]:
    yield statement("tmam.orders", "forget_buyers"), (event_id, order_ids)
    yield statement("tmam.tickets", "forget_holders"), (event_id, order_ids)


def _forget_checkouts(departed: Departed) -> bool:
    """Empty what was typed at the till; a checkout that is being paid keeps it until it is done (false).

    Checkouts are found by their orders, and those that became none by the address that was typed.
    """
    orders = PersonOrder.objects.filter(email__in=departed.addresses, ordered_at__lte=departed.until)
    holds = [order.hold_id for order in load_orders(list(orders.values_list("event_id", "order_id")))]
    typed = Q()
    for address in departed.addresses:
        typed |= Q(email__iexact=address)
    ours = Q(id__in=CheckoutHold.objects.filter(hold_id__in=holds).values("checkout_id"))
    if departed.addresses:
        ours |= typed
    theirs = Checkout.objects.filter(ours, opened_at__lte=departed.until)
    theirs.exclude(state=CheckoutState.PAYING).update(email="", name="", phone="", holders={})
    return not theirs.filter(state=CheckoutState.PAYING).exists()


@receiver(pre_delete, sender="accounts.User")
def forget_own_checkouts(instance: models.Model, **how: object) -> None:
    """Empty the checkouts of who was signed in, whatever address they typed: afterwards nobody knows whose they were."""
    del how
    theirs = Checkout.objects.filter(user_id=instance.pk).exclude(state=CheckoutState.PAYING)
    theirs.update(email="", name="", phone="", holders={})
