"""What was fetched in which form. Event table (schema: `migrations/0001_event_tables.sql`)."""

from __future__ import annotations

from django.db import models


class Download(models.Model):
    """One ticket in one form: when it was first and last fetched, and how often. Says nothing about whom."""

    pk = models.CompositePrimaryKey("event_id", "serial", "form")
    event_id = models.IntegerField()
    serial = models.BigIntegerField()
    form = models.TextField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.IntegerField()

    class Meta:
        managed = False
        db_table = "fulfilment_download"


# Django finds models through this module; these have a room of their own.
from tmam.fulfilment.apple.models import AppleChange, AppleRegistration  # noqa: E402, F401 -- see above
