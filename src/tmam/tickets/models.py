"""Tickets, their serials and the keys that sign them. Event tables (schema: `migrations/0001_event_tables.sql`)."""

from __future__ import annotations

from django.db import models

from tmam.platform.statements import result_of, run_verb
from tmam.tickets.holders import needs_key, opened_names


class Ticket(models.Model):
    """The right to enter. `serial` is dense within the event; `generation` rises when the token is replaced.

    Only the token's SHA-256 is kept: signing is deterministic, so the token can be made again from this row.
    `holder_sealed` and `document_encrypted` are sealed with the event's data key (`tickets.holders`).
    `device_key` is the public key of the one device that can show it, if it is bound (`kernel.bound_token`).
    `former_sha256` is the code before the present one, as long as it admits, too (`tickets.former_codes`).
    `remark` is a word for whoever reads its code (`mark_tickets`), empty for nearly all.
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
    device_key = models.BinaryField(null=True)
    remark = models.TextField(default="")
    former_sha256 = models.BinaryField(null=True)

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
    """One Ed25519 key of one event; `key_keepers` says where its private half is and how to read the column.

    What is kept of it is sealed (`platform.sealed_columns`). `stolen_at`: from then on nothing that it signed is
    trusted, known or not.
    """

    pk = models.CompositePrimaryKey("event_id", "key_id")
    event_id = models.IntegerField()
    key_id = models.SmallIntegerField()
    public_key = models.BinaryField()
    private_key_encrypted = models.BinaryField()
    made_at = models.DateTimeField()
    keeper = models.TextField(default="database")
    stolen_at = models.DateTimeField(null=True)

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


class Revocation(models.Model):
    """The version of an event's revocation list; its content is made from the tickets. Event table."""

    event_id = models.IntegerField(primary_key=True)
    version = models.BigIntegerField()
    content_sha256 = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "tickets_revocation"


class KeySetSigner(models.Model):
    """A key of this installation that signs key sets, and the root's delegation to it ("" while it waits).

    The private half is encrypted at rest; `root_public_key` is the root that signed. Control table.
    """

    public_key = models.BinaryField(unique=True)
    private_key_encrypted = models.BinaryField()
    made_at = models.DateTimeField()
    delegation = models.TextField(blank=True, default="")
    root_public_key = models.BinaryField(null=True)
    not_before = models.DateTimeField(null=True)
    not_after = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{bytes(self.public_key).hex()[:16]} until {self.not_after}"
