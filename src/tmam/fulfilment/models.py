"""What was fetched in which form. Event table (schema: `migrations/0001_event_tables.sql`)."""

from __future__ import annotations

from django.db import models

from tmam.fulfilment.wallet.models import WalletOffer, WalletTicket

__all__ = ["Download", "WalletOffer", "WalletTicket"]


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
