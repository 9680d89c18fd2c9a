"""The rows of confirmed orders: order, allocation, ledger entries, the fact in the log. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from tmam.catalog.offers import Offer
from tmam.inventory.holds import Hold
from tmam.kernel.money import price_parts
from tmam.ledger.record_entries import (
    PLATFORM_FEES,
    Move,
    entry_steps,
    gateway_account,
    sales_account,
    tax_account,
)
from tmam.orders.wanted_tickets import Holder, OrderMade
from tmam.platform.event_log import Fact
from tmam.platform.statements import Step, statement
from tmam.tickets.issue_tickets import IssuedTicket


@dataclass(frozen=True)
class ConfirmRequest:
    """An order to confirm. `holders` in the order of the hold's places: line by line, ticket by ticket.

    `payment_id` and `gateway` are None for a free order.
    """

    hold_id: UUID
    order_id: UUID
    checkout_id: UUID
    payment_id: UUID | None
    gateway: str | None
    email: str
    name: str
    language: str
    terms_version: str
    actor: str
    holders: Sequence[Holder] = ()
    channel: str = "web"
    request_id: str = ""


@dataclass(frozen=True)
class ConfirmedOrder:
    """A confirmed order. `tickets` is empty when the confirmation was repeated."""

    event_id: int
    order_id: UUID
    booking_reference: str
    total_minor: int
    currency: str
    tickets: tuple[IssuedTicket, ...] = ()


@dataclass(frozen=True)
class Sale:
    """One hold that becomes an order."""

    request: ConfirmRequest
    hold: Hold
    booking_reference: str

    @property
    def made(self) -> OrderMade:
        """What its tickets need to know of the order."""
        return OrderMade(self.request.order_id, self.booking_reference, self.request.holders)


def order_steps(offer: Offer, sales: Sequence[Sale], now: datetime) -> list[Step]:
    """The steps that write the orders and, for what was paid, allocations and ledger entries."""
    steps = [_insert_orders(offer, sales, now)]
    paid = [sale for sale in sales if sale.request.payment_id is not None and sale.hold.total_minor > 0]
    if paid:
        steps.append(_insert_allocations(offer, paid, now))
        steps += entry_steps(offer.event_id, [move for sale in paid for move in _moves(offer, sale)], now)
    return steps


def _insert_allocations(offer: Offer, paid: Sequence[Sale], now: datetime) -> Step:
    return (
        statement("tmam.payments", "insert_allocations"),
        (
            offer.event_id,
            offer.currency,
            now,
            [sale.request.order_id for sale in paid],
            [sale.request.payment_id for sale in paid],
            [sale.hold.total_minor for sale in paid],
        ),
    )


def _insert_orders(offer: Offer, sales: Sequence[Sale], now: datetime) -> Step:
    requests = [sale.request for sale in sales]
    return (
        statement("tmam.orders", "insert_orders"),
        (
            offer.event_id,
            offer.organizer_id,
            offer.currency,
            now,
            [request.order_id for request in requests],
            [sale.booking_reference for sale in sales],
            [request.checkout_id for request in requests],
            [request.hold_id for request in requests],
            [request.email for request in requests],
            [request.name for request in requests],
            [request.language for request in requests],
            [sale.hold.total_minor for sale in sales],
            [_lines_json(offer, sale.hold) for sale in sales],
            [request.terms_version for request in requests],
            [request.channel for request in requests],
        ),
    )


def _lines_json(offer: Offer, hold: Hold) -> str:
    """The lines with the names of that moment: an order tells later what was bought, whatever is renamed."""
    lines = [
        {**msgspec.to_builtins(line), "name": offer.type_by_ordinal[line.ticket_type].name}
        for line in hold.lines
    ]
    return msgspec.json.encode(lines).decode()


def _moves(offer: Offer, sale: Sale) -> list[Move]:
    parts = [
        (line.quantity, price_parts(line.price_minor, line.fee_minor, line.tax_basis_points))
        for line in sale.hold.lines
    ]
    amounts = {
        sales_account(offer.organizer_id): sum(count * part.net_minor for count, part in parts),
        tax_account(offer.organizer_id): sum(count * part.tax_minor for count, part in parts),
        PLATFORM_FEES: sum(count * part.fee_minor for count, part in parts),
    }
    source = gateway_account(sale.request.gateway or "none")
    return [
        Move(source, account, amount, offer.currency, "order", sale.request.order_id)
        for account, amount in amounts.items()
    ]


def confirmed_fact(offer: Offer, sale: Sale, order: ConfirmedOrder, now: datetime) -> Fact:
    """What the event log tells of a new order."""
    data = {
        "order_id": str(order.order_id),
        "booking_reference": order.booking_reference,
        "checkout_id": str(sale.request.checkout_id),
        "organizer_id": offer.organizer_id,
        "total_minor": order.total_minor,
        "currency": order.currency,
        "dates": sorted({line.date for line in sale.hold.lines}),
        "tickets": [ticket.serial for ticket in order.tickets],
    }
    return Fact("order.confirmed", now, sale.request.actor, data, sale.request.request_id)
