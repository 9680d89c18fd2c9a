"""Rows of the plumbing: the event log, its readers, and signs of life."""

from __future__ import annotations

from django.db import models


class LogEntry(models.Model):
    """One fact: who did what, when, to what, why. Audit trail, outbox and change feed in one table.

    `event_id` 0 holds facts of no single event (sign-ins, teams). `position` is given after commit by the
    dispatcher, gap-free, so that readers never miss a late transaction. Event table.
    """

    pk = models.CompositePrimaryKey("event_id", "id")
    event_id = models.IntegerField()
    id = models.UUIDField()
    position = models.BigIntegerField(null=True)
    name = models.TextField()
    at = models.DateTimeField()
    actor = models.TextField()
    request_id = models.TextField(default="")
    data = models.JSONField()

    class Meta:
        managed = False
        db_table = "platform_log_entry"


class LogHead(models.Model):
    """The last position given out: one row. Control table."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField(default=0)


class LogCursor(models.Model):
    """How far one consumer has read the event log. Control table."""

    consumer = models.TextField(primary_key=True)
    position = models.BigIntegerField(default=0)


class Heartbeat(models.Model):
    """When a background process was last alive. Control table."""

    process = models.TextField(primary_key=True)
    at = models.DateTimeField()


class WrappedDataKey(models.Model):
    """A data key of an event, locked by the master key (`platform.data_keys`). Event table."""

    pk = models.CompositePrimaryKey("event_id", "version")
    event_id = models.IntegerField()
    version = models.SmallIntegerField()
    key_id = models.BinaryField()
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "platform_data_key"
