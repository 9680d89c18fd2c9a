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


class LinkUse(models.Model):
    """A browser that a link of an order let in. Control table; goes with its link, or when the order is forgotten.

    `proof` says why: `first` (nobody had opened the link before), `code` (it gave a mailed code) or `known` (it might
    see the order anyway). `browser_hash` is that of the random key in the browser's cookie.
    """

    event_id = models.IntegerField()
    order_id = models.UUIDField(db_index=True)
    link_digest = models.BinaryField(max_length=16)
    purpose = models.CharField(max_length=10)
    serial = models.BigIntegerField(default=0)
    form = models.CharField(max_length=20, default="")
    browser_hash = models.BinaryField(max_length=32)
    browser = models.CharField(max_length=300)
    proof = models.CharField(max_length=10)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.IntegerField(default=1)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link_digest", "browser_hash"], name="link_used_once_a_browser"),
            models.UniqueConstraint(
                fields=["link_digest"], condition=models.Q(proof="first"), name="link_has_one_first_browser"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.order_id}"


class LinkStop(models.Model):
    """From when on no older link of an order works. Control table."""

    order_id = models.UUIDField(primary_key=True)
    event_id = models.IntegerField()
    stopped_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.order_id} at {self.stopped_at}"
