"""Where the trips of an event call: the order of stops with their times, shared by all trips alike. Global table."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class StopPattern(models.Model):
    """A sequence of stops. Stop n is the n-th (from 0) entry of each array; segment n runs from stop n to n + 1.

    `arrival_s` and `departure_s` are elapsed seconds since the trip's start (the first departure), so neither
    midnight nor a change of the clocks bends them. `distance_m` counts from the first stop; `zones` are fare
    zones ("" where there are none). `no_boarding` and `no_alighting` are the stops where one may only get off, or on.
    """

    event = models.ForeignKey("catalog.Event", on_delete=models.CASCADE, related_name="stop_patterns")
    ordinal = models.PositiveIntegerField()
    venue_ids = ArrayField(models.BigIntegerField())
    arrival_s = ArrayField(models.PositiveIntegerField())
    departure_s = ArrayField(models.PositiveIntegerField())
    distance_m = ArrayField(models.PositiveIntegerField())
    zones = ArrayField(models.TextField())
    no_boarding = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    no_alighting = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "ordinal"], name="stop_pattern_ordinal_once"),
            models.CheckConstraint(condition=Q(ordinal__gte=1), name="stop_pattern_ordinal_from_1"),
            models.CheckConstraint(condition=Q(venue_ids__len__gte=2), name="stop_pattern_two_stops"),
            models.CheckConstraint(condition=Q(venue_ids__len__lte=256), name="stop_pattern_stops_u8"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.ordinal}"
