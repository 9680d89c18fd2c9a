"""The books of money. Event table (schema: `migrations/0001_event_tables.sql`)."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One positive amount moved from one account to another, in one currency, with its cause.

    Accounts are texts: `gateway:sandbox`, `organizer:7:sales`, `organizer:7:tax`, `platform:fees`.
    """

    pk = models.CompositePrimaryKey("event_id", "id")
    event_id = models.IntegerField()
    id = models.UUIDField()
    from_account = models.TextField()
    to_account = models.TextField()
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    cause = models.TextField()
    cause_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "ledger_entry"
