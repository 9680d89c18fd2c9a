"""Everything scarce: counters, holds and seat claims. Event tables (schema: `migrations/0001_event_tables.sql`)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Counter(models.Model):
    """Something countable and scarce. The database refuses `held + sold > capacity`."""

    pk = models.CompositePrimaryKey("event_id", "id")
    event_id = models.IntegerField()
    id = models.BigIntegerField()
    kind = models.TextField()
    date_ordinal = models.IntegerField(null=True)
    segment = models.SmallIntegerField(default=0)
    pool = models.SmallIntegerField(null=True)
    capacity = models.IntegerField()
    held = models.IntegerField(default=0)
    sold = models.IntegerField(default=0)

    class Meta:
        managed = False
        db_table = "inventory_counter"


class Hold(models.Model):
    """Places reserved for a visitor until `expires_at`. States: held → converted | released | expired."""

    pk = models.CompositePrimaryKey("event_id", "id")
    event_id = models.IntegerField()
    id = models.UUIDField()
    visitor_id = models.UUIDField()
    state = models.TextField()
    lines = models.JSONField()
    counter_ids = ArrayField(models.BigIntegerField())
    counter_quantities = ArrayField(models.IntegerField())
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    extensions = models.SmallIntegerField(default=0)
    idempotency_key = models.TextField(null=True)
    channel = models.TextField(default="web")

    class Meta:
        managed = False
        db_table = "inventory_hold"


class Claim(models.Model):
    """One seat on one segment of one date, taken: by a hold as long as it lives, for good once sold."""

    pk = models.CompositePrimaryKey("event_id", "date_ordinal", "segment", "seat")
    event_id = models.IntegerField()
    date_ordinal = models.IntegerField()
    segment = models.SmallIntegerField()
    seat = models.IntegerField()
    hold_id = models.UUIDField()

    class Meta:
        managed = False
        db_table = "inventory_claim"


class SeatMap(models.Model):
    """4,096 seats of a date's segment as bits, claimed ones set; kept beside the claims, see `seat_maps`."""

    pk = models.CompositePrimaryKey("event_id", "date_ordinal", "segment", "chunk")
    event_id = models.IntegerField()
    date_ordinal = models.IntegerField()
    segment = models.SmallIntegerField()
    chunk = models.SmallIntegerField()
    taken = models.BinaryField()

    class Meta:
        managed = False
        db_table = "inventory_seat_map"
