"""Where it takes place: venues, and numbered halls with their seats."""

from __future__ import annotations

from django.db import models


class Venue(models.Model):
    """A place one goes to: a hall, a museum, a station, an airport."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100)
    region = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    time_zone = models.CharField(max_length=50)
    stop_code = models.CharField(
        max_length=120,
        null=True,
        blank=True,
        unique=True,
        help_text="For stations and airports: `<feed>:<code in the timetable>`. Empty for halls.",
    )
    change_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The least time to change here; empty: the operator's setting."
    )

    def __str__(self) -> str:
        # A station is often called after its town, and then the town is all there is to say.
        return self.name if self.name == self.city else f"{self.name}, {self.city}"


class SeatPlan(models.Model):
    """A numbered hall: its seats, shared by all events that play there."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="seat_plans")
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Seat(models.Model):
    """One numbered place of a plan.

    `number_in_plan` (1…) is what claims and tokens carry; `block`, `row` and `seat` are ordinals for the
    token's place, the labels are what people read; `position` counts along the row, with a gap at an aisle.
    """

    plan = models.ForeignKey(SeatPlan, on_delete=models.CASCADE, related_name="seats")
    number_in_plan = models.PositiveIntegerField()
    pool = models.PositiveSmallIntegerField(help_text="The price category: the pool its sale also draws on.")
    block = models.PositiveSmallIntegerField()
    row = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    block_label = models.CharField(max_length=40)
    row_label = models.CharField(max_length=10)
    seat_label = models.CharField(max_length=10)
    is_accessible = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "number_in_plan"], name="seat_once_per_plan")]

    def __str__(self) -> str:
        return f"{self.block_label} {self.row_label}-{self.seat_label}"
