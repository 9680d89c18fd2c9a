"""What a person agreed to, and what is left to do after they asked to be forgotten."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Consent(models.Model):
    """One answer to one question about one's data: given or withdrawn. Never changed, so it is a history. Control table.

    `party` is who may use it: `tmam`, or `organizer:7`. `text_version` names words in `consent_texts`, `language`
    those that were on the screen, `place` the page they were on.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=30)
    party = models.CharField(max_length=40)
    is_given = models.BooleanField()
    text_version = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    place = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "purpose", "party", "-at", "-id"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.purpose} · {self.party} · {self.is_given}"


class Erasure(models.Model):
    """An account that is gone, and whom the other capabilities still have to forget. Control table.

    `sealed` holds the addresses and the name under the master key for as long as there is something left to forget
    by them; it is emptied at the end, and nothing but numbers and instants stays.
    """

    user_id = models.BigIntegerField(unique=True)  # no foreign key: the person is no longer there
    asked_at = models.DateTimeField()
    sealed = models.BinaryField(null=True)
    done_steps = models.JSONField(default=list)
    look_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["look_at"], condition=Q(finished_at=None), name="erasure_to_look_at"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(sealed=None), name="erasure_finished_knows_nobody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.asked_at}"


class StaffAction(models.Model):
    """Something platform staff did or looked at. It outlives the person it was about. Control table.

    Written by `security_log.record` for every entry whose actor is staff, and by `staff_log` for what is about
    nobody (a search that found nothing).
    """

    staff_id = models.BigIntegerField()
    user_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    name = models.CharField(max_length=60)
    reason = models.TextField(blank=True)
    network = models.CharField(max_length=45, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="staff_action_newest"),
            models.Index(fields=["user_id", "-at"], name="staff_action_person"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} · {self.name} · {self.user_id}"
