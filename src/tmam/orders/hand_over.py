"""The orders', tickets' and payments' part of "download my data": what was bought with the person's addresses.

Codes of tickets are no data about a person but keys to a door: they are not handed over here, "My tickets" shows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tmam.accounts.personal_data import Part, Person, exports
from tmam.orders.models import Checkout, Order, PersonOrder
from tmam.orders.order_summary import OrderSummary, load_orders, summarize_orders
from tmam.payments.models import Payment, Refund
from tmam.platform.statements import run_verb
from tmam.tickets.holders import opened_document

AT_A_TIME: Final = 50


def _orders(person: Person) -> Iterator[dict[str, Any]]:
    for summary in _summaries(person):
        order = summary.order
        yield {
            "booking_reference": order.booking_reference,
            "event": summary.event.title,
            "organizer": summary.event.organizer.legal_name,
            "state": order.state,
            "email": order.email,
            "name": order.name,
            "language": order.language,
            "total_minor": order.total_minor,
            "currency": order.currency,
            "lines": order.lines,
            "terms_version": order.terms_version,
            "channel": order.channel,
            "confirmed_at": order.confirmed_at,
        }


def _tickets(person: Person) -> Iterator[dict[str, Any]]:
    for summary in _summaries(person):
        for line in summary.lines:
            ticket = line.ticket
            yield {
                "booking_reference": ticket.booking_reference,
                "serial": ticket.serial,
                "state": ticket.state,
                "type": line.ticket_type.name,
                "starts_at": line.date.starts_at,
                "place": ticket.place_label,
                "holder_name": ticket.holder_name,
                "holder_document": run_verb(opened_document(ticket)),
                "price_minor": ticket.price_minor,
                "currency": ticket.currency,
                "issued_at": ticket.issued_at,
            }


def _payments(person: Person) -> Iterator[dict[str, Any]]:
    for orders in _batches(person):
        payments = Payment.objects.filter(checkout_id__in={order.checkout_id for order in orders})
        for payment in payments.order_by("started_at", "id"):
            yield {
                "payment": payment.id,
                "gateway": payment.gateway,
                "state": payment.state,
                "amount_minor": payment.amount_minor,
                "currency": payment.currency,
                "decline_reason": payment.decline_reason,
                "started_at": payment.started_at,
                "settled_at": payment.settled_at,
                "refunds": [
                    {
                        "amount_minor": refund.amount_minor,
                        "reason": refund.reason,
                        "state": refund.state,
                        "instructed_at": refund.instructed_at,
                        "done_at": refund.done_at,
                    }
                    for refund in Refund.objects.filter(payment=payment).order_by("instructed_at")
                ],
            }


def _checkouts(person: Person) -> Iterator[dict[str, Any]]:
    for checkout in Checkout.objects.filter(user_id=person.user_id).order_by("opened_at").iterator(AT_A_TIME):
        yield {
            "checkout": checkout.id,
            "state": checkout.state,
            "email": checkout.email,
            "name": checkout.name,
            "phone": checkout.phone,
            "language": checkout.language,
            "terms_versions": checkout.terms_versions,
            "opened_at": checkout.opened_at,
            "finished_at": checkout.finished_at,
        }


def _summaries(person: Person) -> Iterator[OrderSummary]:
    for orders in _batches(person):
        yield from summarize_orders(orders)


def _batches(person: Person) -> Iterator[list[Order]]:
    """The person's orders, oldest first, a few at a time."""
    known = PersonOrder.objects.filter(email__in=person.addresses).order_by("ordered_at", "id")
    found = list(known.values_list("event_id", "order_id"))  # two numbers each, however many there are
    for start in range(0, len(found), AT_A_TIME):
        yield load_orders(found[start : start + AT_A_TIME])


_MONEY = {
    "currency": _("Currency, as a code (EUR)."),
}

exports(
    Part(
        "orders",
        _("Orders"),
        {
            "booking_reference": _("The booking reference."),
            "event": _("The name of the event, by language."),
            "organizer": _("Who sold it."),
            "state": _("Where the order stands: confirmed, cancelled or refunded."),
            "email": _("The e-mail address it was bought with."),
            "name": _("The buyer's name."),
            "language": _("The language it was bought in."),
            "total_minor": _("What was paid, in the smallest unit of the currency (cents)."),
            **_MONEY,
            "lines": _("What was bought, with the prices of that moment."),
            "terms_version": _("The versions of the terms that were accepted: organizer's and ours."),
            "channel": _("Where it was sold."),
            "confirmed_at": _("When it was bought."),
        },
        _orders,
    )
)
exports(
    Part(
        "tickets",
        _("Tickets"),
        {
            "booking_reference": _("The booking reference."),
            "serial": _("The number of the ticket within its event."),
            "state": _("Whether it is valid, cancelled or revoked."),
            "type": _("The ticket type, by language."),
            "starts_at": _("When it starts."),
            "place": _("The numbered place, if it has one."),
            "holder_name": _("The name on the ticket."),
            "holder_document": _("The document on the ticket. We store it encrypted."),
            "price_minor": _("Its price, in the smallest unit of the currency (cents)."),
            **_MONEY,
            "issued_at": _("When it was made."),
        },
        _tickets,
    )
)
exports(
    Part(
        "payments",
        _("Payments"),
        {
            "payment": _("Our number of the payment."),
            "gateway": _("Who took the money. We never see card numbers."),
            "state": _("Whether it was approved or declined."),
            "amount_minor": _("The amount, in the smallest unit of the currency (cents)."),
            **_MONEY,
            "decline_reason": _("Why it was declined, if it was."),
            "started_at": _("When it was begun."),
            "settled_at": _("When it was decided."),
            "refunds": _("Money that went back."),
        },
        _payments,
    )
)
exports(
    Part(
        "checkouts",
        _("Visits to the till while signed in"),
        {
            "checkout": _("Our number of the visit."),
            "state": _("How it ended."),
            "email": _("The e-mail address that was typed."),
            "name": _("The name that was typed."),
            "phone": _("The phone number that was typed; forgotten when the visit ends."),
            "language": _("The language of the pages."),
            "terms_versions": _("The versions of the terms that were accepted, by organizer."),
            "opened_at": _("When it began."),
            "finished_at": _("When it ended."),
        },
        _checkouts,
    )
)
