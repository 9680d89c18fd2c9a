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


class GooglePass(models.Model):
    """A ticket in Google Wallet, for the order that held it when it was saved.

    After it goes to another order, the old object is made inactive and the new holder gets one of their own.
    """

    pk = models.CompositePrimaryKey("event_id", "serial", "order_id")
    event_id = models.IntegerField()
    serial = models.BigIntegerField()
    order_id = models.UUIDField()
    suffix = models.TextField()
    kind = models.TextField()
    language = models.TextField()
    made_at = models.DateTimeField()
    wanted_at = models.DateTimeField()
    synced_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "fulfilment_google_pass"
