"""Whose orders are whose: the list behind "My tickets", filled from the event log.

An order belongs to the e-mail address that was typed when buying. Whoever proves that address, by an account
or by a link in a mail, sees it; so guest orders join an account by themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from tmam.orders.models import Order, PersonOrder
from tmam.orders.order_summary import load_orders
from tmam.platform.event_log import Entry
from tmam.platform.statements import Verb, run_verb, statement

# More orders than any person scrolls through; keeps one page one bounded read.
MOST_ORDERS_SHOWN = 200


def remember_orders(entries: Sequence[Entry]) -> None:
    """Take note of `order.confirmed`; repeating an entry changes nothing."""
    confirmed = [entry for entry in entries if entry.name == "order.confirmed"]
    keys = [(entry.event_id, UUID(entry.data["order_id"])) for entry in confirmed]
    # The log names no people: the order's row knows its buyer, unless they were forgotten meanwhile.
    orders = [order for order in load_orders(keys) if order.email]
    if orders:
        run_verb(_add_person_orders(orders))


def orders_of(emails: Collection[str]) -> list[PersonOrder]:
    """The newest orders of these addresses (any case), newest first; at most `MOST_ORDERS_SHOWN`."""
    addresses = {same_address(email) for email in emails}
    return list(PersonOrder.objects.filter(email__in=addresses).order_by("-ordered_at")[:MOST_ORDERS_SHOWN])


def same_address(email: str) -> str:
    """The form in which two spellings of one address are equal."""
    return email.strip().lower()


def _add_person_orders(orders: Sequence[Order]) -> Verb[None]:
    yield (
        statement("tmam.orders", "add_person_orders"),
        (
            [same_address(order.email) for order in orders],
            [order.event_id for order in orders],
            [order.id for order in orders],
            [order.booking_reference for order in orders],
            [order.confirmed_at for order in orders],
        ),
    )
