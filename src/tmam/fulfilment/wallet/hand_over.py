"""Phones that tickets live in, in "download my data" and in an erasure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tmam.accounts.personal_data import Departed, Part, Person, exports, forgets
from tmam.fulfilment.wallet.models import WalletHeld, WalletTicket
from tmam.orders.models import PersonOrder
from tmam.tickets.models import Ticket


def _phones(person: Person) -> Iterator[dict[str, Any]]:
    for rows in _of_orders(PersonOrder.objects.filter(email__in=person.addresses)):
        for row in rows.order_by("serial"):
            yield {
                "event": row.event_id,
                "ticket": row.serial,
                "phone": row.label,
                "since": row.bound_at,
                "last_contact": row.contact_at,
                "shown_offline": row.shown_offline,
                "changed_at": row.tampered_at,
            }


@forgets("wallet_phones")
def forget_phones(departed: Departed, now: datetime) -> bool:
    """Forget what a departed person's phones are called and which browser they are; the tickets stay good in them."""
    del now
    theirs = PersonOrder.objects.filter(email__in=departed.addresses, ordered_at__lte=departed.until)
    for rows in _of_orders(theirs):
        for event_id, serial in rows.values_list("event_id", "serial"):
            WalletHeld.objects.filter(event_id=event_id, serial=serial).update(browser_id=None)
        rows.update(label="", browser_id=None)
    return True


def _of_orders(orders: Iterable[PersonOrder]) -> Iterator[QuerySet[WalletTicket]]:
    for order in orders:
        serials = Ticket.objects.filter(event_id=order.event_id, order_id=order.order_id).values_list(
            "serial", flat=True
        )
        yield WalletTicket.objects.filter(event_id=order.event_id, serial__in=list(serials))


exports(
    Part(
        "wallet_phones",
        _("Phones that your tickets live in"),
        {
            "event": _("The number of the event."),
            "ticket": _("The number of the ticket."),
            "phone": _("What the phone's browser calls itself."),
            "since": _("When the ticket went into the phone."),
            "last_contact": _("When we last heard of the phone."),
            "shown_offline": _("How often it was shown without a connection."),
            "changed_at": _("When the phone told us that its copy had been changed, if it did."),
        },
        _phones,
    )
)
