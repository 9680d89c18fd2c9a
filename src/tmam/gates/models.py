"""Gates, the devices that scan there (control tables), scans and redemptions (event tables)."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Gate(models.Model):
    """Where one enters. `number` is local to the event. Global table."""

    event_id = models.IntegerField()
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event_id", "number"], name="gate_number_once")]

    def __str__(self) -> str:
        return self.name


class Device(models.Model):
    """A browser or handheld that may scan for one event at one gate; it proves itself by its key. Control table."""

    id = models.UUIDField(primary_key=True)
    event_id = models.IntegerField()
    gate_number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    key_sha256 = models.BinaryField(unique=True)
    steward = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Scan(models.Model):
    """Any attempt at a gate, with the answer that was given. Event table."""

    pk = models.CompositePrimaryKey("event_id", "id")
    event_id = models.IntegerField()
    id = models.UUIDField()
    device_id = models.UUIDField()
    nonce = models.UUIDField()
    gate_number = models.SmallIntegerField()
    date_ordinal = models.IntegerField(null=True)
    serial = models.BigIntegerField(null=True)
    verdict = models.TextField()
    code = models.TextField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "gates_scan"


class Redemption(models.Model):
    """A scan that admitted. Its primary key lets a right be used once. Event table."""

    pk = models.CompositePrimaryKey("event_id", "serial", "date_ordinal", "entry")
    event_id = models.IntegerField()
    serial = models.BigIntegerField()
    date_ordinal = models.IntegerField()
    entry = models.SmallIntegerField(default=1)
    scan_id = models.UUIDField()
    gate_number = models.SmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "gates_redemption"
