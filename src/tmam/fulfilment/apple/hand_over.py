"""Phones that hold passes, in "download my data" and in an erasure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tmam.accounts.personal_data import Departed, Part, Person, exports, forgets
from tmam.fulfilment.apple.models import AppleRegistration
from tmam.orders.models import PersonOrder
from tmam.tickets.models import Ticket


def _registrations(person: Person) -> Iterator[dict[str, Any]]:
    orders = PersonOrder.objects.filter(email__in=person.addresses)
    for rows in _of_orders(orders):
        for row in rows:
            yield {
                "event": row.event_id,
                "ticket": row.serial,
                "phone": row.device,
                "since": row.registered_at,
            }


@forgets("apple_passes")
def forget_registrations(departed: Departed, now: datetime) -> bool:
    """Forget the phones of a departed person at once: their passes stay as they are, and hear of nothing more.

    Orders that are over may be off the person's list already; their phones go a month after the date anyway.
    """
    del now
    theirs = PersonOrder.objects.filter(email__in=departed.addresses, ordered_at__lte=departed.until)
    for rows in _of_orders(theirs):
        rows.delete()
    return True


def _of_orders(orders: Iterable[PersonOrder]) -> Iterator[QuerySet[AppleRegistration]]:
    for order in orders:
        serials = Ticket.objects.filter(event_id=order.event_id, order_id=order.order_id).values_list(
            "serial", flat=True
        )
        yield AppleRegistration.objects.filter(event_id=order.event_id, serial__in=list(serials))


exports(
    Part(
        "apple_passes",
        _("Phones with your Apple passes"),
        {
            "event": _("The number of the event."),
            "ticket": _("The number of the ticket."),
            "phone": _("The name that the phone gave itself."),
            "since": _("When it told us that it holds the pass."),
        },
        _registrations,
    )
)
