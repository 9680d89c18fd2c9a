"""When: the dates of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q, Value

from tmam.catalog.models.events import Event

if TYPE_CHECKING:
    from tmam.catalog.stretches import Stretch


class Date(models.Model):
    """One dated occurrence of an event that can be attended: a showing, a slot, a trip.

    A trip names the event's stop pattern it follows and its public number (`trip_code`, "AVE 3142"); it starts with
    the departure from the first stop and ends with the arrival at the last. Other dates have neither.

    `entrance` says by language where to go in ("Gate B"). `revision` counts the changes made by `change_date`: above 0
    the date is no longer as it was when its first tickets were sold, so they go by the date and not by themselves.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="dates")
    ordinal = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    doors_at = models.DateTimeField(null=True, blank=True)
    sales_start_at = models.DateTimeField()
    sales_end_at = models.DateTimeField()
    time_zone = models.CharField(max_length=50)
    label = models.JSONField(default=dict, blank=True)
    # With defaults of the database's own: timetables are written by SQL that does not name these.
    entrance = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    revision = models.PositiveIntegerField(default=0, db_default=0)
    is_cancelled = models.BooleanField(default=False)
    pattern = models.PositiveIntegerField(null=True, blank=True)
    trip_code = models.CharField(max_length=60, blank=True)
    # Set on copies that tell of one passenger's stretch (`catalog.stretches`); no column.
    stretch: Stretch | None = None
    trip_key = models.CharField(
        max_length=200, blank=True, help_text="For imported trips: `<service day>|<trip in the timetable>`."
    )

    class Meta:
        indexes = [
            models.Index(fields=["starts_at"], name="date_trips_by_start", condition=Q(pattern__isnull=False))
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "trip_key"], name="date_trip_key_once", condition=~Q(trip_key="")
            ),
            models.UniqueConstraint(fields=["event", "ordinal"], name="date_ordinal_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="date_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ordinal__gte=1) & Q(ordinal__lte=65535), name="date_ordinal_u16"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.ordinal}"
