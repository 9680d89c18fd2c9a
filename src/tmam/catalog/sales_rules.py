"""What an organizer decides about who may buy how much: limits, contingents and codes. Global tables.

They are decided here and counted elsewhere: each is a counter of the inventory, claimed with the places.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class LimitKind(models.TextChoices):
    """Whose tickets of one event are counted. An order's own limit is the event's `max_per_order`."""

    ACCOUNT = "account"
    EMAIL = "email"
    PHONE = "phone"
    CARD = "card"
    CARD_DAY = "card_day"
    NETWORK = "network"


class Channel(models.TextChoices):
    """Where tickets are sold."""

    WEB = "web"
    BOX_OFFICE = "box_office"
    PARTNER = "partner"


class CodeKind(models.TextChoices):
    """presale: lets in before sales open, or to types that need a code; voucher: lowers the price as well."""

    PRESALE = "presale"
    VOUCHER = "voucher"


def _staffed_channels() -> list[str]:
    return [Channel.BOX_OFFICE.value, Channel.PARTNER.value]


class SalesLimit(models.Model):
    """At most `most` tickets of one event per person, card, card and local day, or network (IPv4 /32, IPv6 /64)."""

    event = models.ForeignKey("catalog.Event", on_delete=models.CASCADE, related_name="sales_limits")
    kind = models.CharField(max_length=20, choices=LimitKind.choices)
    most = models.PositiveIntegerField()
    exempt_channels = ArrayField(
        models.TextField(choices=Channel.choices), default=_staffed_channels, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "kind"], name="sales_limit_once_per_kind"),
            models.CheckConstraint(condition=Q(most__gte=1), name="sales_limit_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.kind} {self.most}"


class Contingent(models.Model):
    """How many places of a pool, on each date, one channel may sell. A channel without one may sell all there are."""

    event = models.ForeignKey("catalog.Event", on_delete=models.CASCADE, related_name="contingents")
    pool = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=20, choices=Channel.choices)
    places = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "pool", "channel"], name="contingent_once_per_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} pool {self.pool} {self.channel} {self.places}"


class SalesCode(models.Model):
    """A word that opens something: `uses` tickets in all may be bought with it. `code` is kept in capitals.

    `ticket_types` (ordinals; empty: all) are what it opens or lowers. From `opens_at` (else the date's own start of
    sales) until `ends_at` (else the date's end of sales) it is good. `off_basis_points` of the price are taken off,
    or the price is `price_minor`; a presale code has neither.
    """

    event = models.ForeignKey("catalog.Event", on_delete=models.CASCADE, related_name="sales_codes")
    ordinal = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=CodeKind.choices)
    uses = models.PositiveIntegerField()
    ticket_types = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    off_basis_points = models.PositiveIntegerField(default=0)
    price_minor = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "code"], name="sales_code_once_per_event"),
            models.UniqueConstraint(fields=["event", "ordinal"], name="sales_code_ordinal_once"),
            models.CheckConstraint(
                condition=Q(off_basis_points__lte=10_000), name="sales_code_at_most_all_off"
            ),
            models.CheckConstraint(
                condition=Q(kind="voucher") | (Q(off_basis_points=0) & Q(price_minor=None)),
                name="sales_code_presale_keeps_price",
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("opens_at")),
                name="sales_code_ends_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.code}"
