"""Tickets, their serials and the keys that sign them. Event tables (schema: `migrations/0001_event_tables.sql`)."""

from __future__ import annotations

from django.db import models

from tmam.platform.statements import result_of, run_verb
from tmam.tickets.holders import needs_key, opened_names


class Ticket(models.Model):
    """The right to enter. `serial` is dense within the event; `generation` rises when the token is replaced.

    Only the token's SHA-256 is kept: signing is deterministic, so the token can be made again from this row.
    `holder_sealed` and `document_encrypted` are sealed with the event's data key (`tickets.holders`).
    `token_place` is the place as signed: its kind, then five bytes (`tmam.kernel.place`).
    """

    pk = models.CompositePrimaryKey("event_id", "serial")
    event_id = models.IntegerField()
    serial = models.BigIntegerField()
    generation = models.SmallIntegerField(default=0)
    state = models.TextField()
    order_id = models.UUIDField()
    booking_reference = models.TextField()
    date_ordinal = models.IntegerField()
    ticket_type = models.IntegerField()
    seat = models.IntegerField(null=True)
    place_label = models.TextField(default="")
    token_place = models.BinaryField(null=True)
    holder_sealed = models.BinaryField(null=True)
    document_encrypted = models.BinaryField(null=True)
    price_minor = models.BigIntegerField()
    currency = models.TextField()
    key_id = models.SmallIntegerField()
    token_sha256 = models.BinaryField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    issued_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "tickets_ticket"

    @property
    def holder_name(self) -> str:
        """Who it is for, opened; "" when it names nobody."""
        verb = opened_names(self.event_id, [(self.serial, self.holder_sealed)])
        (name,) = run_verb(verb) if needs_key(self.event_id, self.holder_sealed) else result_of(verb)
        return name


class SigningKey(models.Model):
    """One Ed25519 key of one event; the private half is encrypted at rest (`platform.sealed_columns`)."""

    pk = models.CompositePrimaryKey("event_id", "key_id")
    event_id = models.IntegerField()
    key_id = models.SmallIntegerField()
    public_key = models.BinaryField()
    private_key_encrypted = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "tickets_signing_key"


class LiveMaster(models.Model):
    """The secret that an event's live digits are derived from, encrypted at rest (`platform.sealed_columns`)."""

    event_id = models.IntegerField(primary_key=True)
    master_encrypted = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "tickets_live_master"
