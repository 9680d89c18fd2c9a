"""Passes in Google Wallet, in "download my data" and in an erasure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tmam.accounts.personal_data import Part, Person, exports
from tmam.fulfilment.google.jobs import sync_google_job
from tmam.fulfilment.google.rows import withdraw_orders
from tmam.fulfilment.models import GooglePass
from tmam.orders.models import PersonOrder
from tmam.platform.statements import run_verb


def _passes(person: Person) -> Iterator[dict[str, Any]]:
    for order in PersonOrder.objects.filter(email__in=person.addresses):
        theirs = GooglePass.objects.filter(event_id=order.event_id, order_id=order.order_id)
        for row in theirs.order_by("serial"):
            yield {
                "event": row.event_id,
                "ticket": row.serial,
                "language": row.language,
                "since": row.made_at,
                "google_told_at": row.synced_at,
            }


def forget_passes(event_id: int, order_ids: Sequence[UUID]) -> None:
    """These orders name nobody any more: Google is told to empty their passes too, by a job, for as long as it takes.

    Orders with a date to come are not forgotten before it is over (`orders.forget_buyer`), so no pass goes too early.
    """
    if run_verb(withdraw_orders(event_id, order_ids, timezone.now())):
        sync_google_job.defer(event_id=event_id)


exports(
    Part(
        "google_passes",
        _("Your tickets in Google Wallet"),
        {
            "event": _("The number of the event."),
            "ticket": _("The number of the ticket."),
            "language": _("The language of the pass."),
            "since": _("When you saved it."),
            "google_told_at": _("Up to which change Google knows the ticket."),
        },
        _passes,
    )
)
