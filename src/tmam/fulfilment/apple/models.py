"""Which phones hold which passes, and what changed about passes since. Control tables: a phone asks across events."""

from __future__ import annotations

from django.db import models


class AppleRegistration(models.Model):
    """A phone that wants to hear of a pass. `told` is the log position up to which it was; nothing here says who."""

    device = models.CharField(max_length=64)
    number = models.CharField(max_length=32)
    push_token = models.CharField(max_length=200)
    event_id = models.IntegerField()
    date_ordinal = models.IntegerField()
    serial = models.BigIntegerField()
    told = models.BigIntegerField(default=0)
    registered_at = models.DateTimeField()
    forget_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "number"], name="apple_registration_once")]
        indexes = [
            models.Index(fields=["event_id", "serial"], name="apple_registration_ticket"),
            models.Index(fields=["push_token"], name="apple_registration_push"),
            models.Index(fields=["number"], name="apple_registration_number"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.serial}"


class AppleChange(models.Model):
    """The last change of what passes show: of a whole event (`date_ordinal` and `serial` 0), a date or a ticket.

    `position` is the log entry's, so that tags only grow; `changed_at` grows by whole seconds within an event, because
    that is what `Last-Modified` can tell apart. Of a replaced ticket, `generation` is the newest known one and
    `held_from` the one from which its holder has been the same: passes since then are still theirs.
    """

    event_id = models.IntegerField()
    date_ordinal = models.IntegerField(default=0)
    serial = models.BigIntegerField(default=0)
    position = models.BigIntegerField()
    changed_at = models.DateTimeField()
    generation = models.SmallIntegerField(default=0)
    held_from = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event_id", "date_ordinal", "serial"], name="apple_change_once")
        ]
        indexes = [models.Index(fields=["event_id", "position"], name="apple_change_position")]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.date_ordinal}/{self.serial}"
