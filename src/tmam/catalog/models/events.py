"""What is on offer: events, of some kind, in some state, with a rule for passing tickets on."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from tmam.catalog.models.places import SeatPlan, Venue
from tmam.organizers.models import Organizer


class Kind(models.TextChoices):
    """The kinds of event, as the search filter offers them."""

    CONCERT = "concert"
    THEATRE = "theatre"
    CINEMA = "cinema"
    MUSEUM = "museum"
    TOUR = "tour"
    TRAIN = "train"
    FLIGHT = "flight"


class EventStatus(models.TextChoices):
    """Where an event is in its life."""

    DRAFT = "draft"
    SOON = "soon"
    ON_SALE = "on_sale"
    CANCELLED = "cancelled"


class TransferPolicy(models.TextChoices):
    """What a holder may do with a ticket."""

    FREE = "free"
    NAME_CHANGE = "name_change"
    NONE = "none"


class Event(models.Model):
    """Something on offer. Its number is the same in the database, in links and in tokens."""

    id = models.AutoField(primary_key=True)
    organizer = models.ForeignKey(Organizer, on_delete=models.PROTECT, related_name="events")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="events")
    seat_plan = models.ForeignKey(SeatPlan, on_delete=models.PROTECT, null=True, blank=True)
    slug = models.SlugField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    status = models.CharField(max_length=20, choices=EventStatus.choices, default=EventStatus.DRAFT)
    title = models.JSONField()
    summary = models.JSONField(default=dict)
    description = models.JSONField(default=dict)
    performers = ArrayField(models.TextField(), default=list, blank=True)
    currency = models.CharField(max_length=3)
    hold_minutes = models.PositiveSmallIntegerField(default=10)
    extension_minutes = models.PositiveSmallIntegerField(default=5)
    max_per_order = models.PositiveSmallIntegerField(default=10)
    transfer_policy = models.CharField(
        max_length=20, choices=TransferPolicy.choices, default=TransferPolicy.FREE
    )
    poster_seed = models.CharField(max_length=40, blank=True)
    avoid_single_seats = models.BooleanField(
        default=True, help_text="Whether chosen seats may leave one free seat alone between taken ones."
    )
    live_codes_only = models.BooleanField(
        default=False,
        help_text="Whether gates admit live codes only (a wallet), no paper and no pictures. Stewards can still let in from the list.",
    )
    import_key = models.CharField(
        max_length=200,
        null=True,
        blank=True,
        unique=True,
        help_text="For imported lines: `<feed>:<line in the timetable>`, so that importing again finds the line.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hold_minutes__gte=1) & Q(hold_minutes__lte=120), name="event_hold_minutes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.slug}"
