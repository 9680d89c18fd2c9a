"""What is bought: ticket types."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tmam.catalog.models.events import Event


class TicketType(models.Model):
    """What is bought. `price_minor` is what the buyer pays: fee and tax are inside it, never added.

    `pools` are the pools of each date that one ticket draws on (one sale may draw on several); `dates`
    limits the type to some dates of the event (empty: all). `needs_code`: sold only to who has a sales code for it.

    On trips the price may depend on the stretch; `price_minor` is then the price of what `fares` does not name:
    `{"by": "distance", "steps": [[50, 900], [120, 1500]]}` (up to so many km: minor units) or
    `{"by": "zones", "prices": {"A B": 900}}` (zones of the two stops in alphabetical order).
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="ticket_types")
    ordinal = models.PositiveSmallIntegerField()
    name = models.JSONField()
    description = models.JSONField(default=dict, blank=True)
    price_minor = models.PositiveIntegerField()
    fee_minor = models.PositiveIntegerField(default=0)
    tax_basis_points = models.PositiveIntegerField(default=0)
    pools = ArrayField(models.PositiveSmallIntegerField())
    dates = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    min_per_order = models.PositiveSmallIntegerField(default=1)
    max_per_order = models.PositiveSmallIntegerField(default=10)
    is_seated = models.BooleanField(default=False)
    asks_name = models.BooleanField(default=False)
    asks_document = models.BooleanField(default=False)
    needs_code = models.BooleanField(default=False)
    fares = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "ordinal"], name="ticket_type_ordinal_once"),
            models.CheckConstraint(
                condition=Q(fee_minor__lte=F("price_minor")), name="ticket_type_fee_inside_price"
            ),
            models.CheckConstraint(condition=Q(ordinal__gte=1), name="ticket_type_ordinal_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.ordinal}"
